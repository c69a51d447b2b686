import { createRequire } from 'node:module';
import { PipeError } from '../errors.ts';
import { isStandardGlobal } from './intrinsics.ts';
import { moduleOnStack } from './module-script.ts';
import { lazily } from './syntax.ts';

/** Where a function was written, and the variables around it. */
export interface FunctionSite {
  readonly scriptId: string;
  /** 0-based, in the script as it runs. */
  readonly line: number;
  readonly column: number;
  /** Copies of the scopes around the function, inner first, as of now; without the global one of this context. */
  readonly scopes: readonly object[];
}

/** A script that the engine has compiled. */
export interface ScriptRecord {
  readonly id: string;
  readonly url: string;
  readonly isModule: boolean;
  /** Position of the script's first character, 0-based; negative where a runner hides a wrapper. */
  readonly startLine: number;
  readonly startColumn: number;
  readonly sourceMapUrl: string;
}

type Post = (method: string, parameters?: object) => unknown;

interface PropertiesAnswer {
  readonly internalProperties?: readonly { readonly name: string; readonly value?: RemoteObject }[];
  readonly privateProperties?: readonly { readonly name: string; readonly value?: RemoteObject }[];
}
interface RemoteObject {
  readonly objectId?: string;
  readonly unserializableValue?: string;
  readonly value?: { readonly scriptId: string; readonly lineNumber: number; readonly columnNumber: number };
}
interface ScriptParsed {
  readonly scriptId: string;
  readonly url: string;
  readonly isModule?: boolean;
  readonly startLine: number;
  readonly startColumn: number;
  readonly sourceMapURL?: string;
}

const HOLDER = Symbol.for('tspipe.capture.holder');

/** The engine's own view of functions and scripts, through its in-process inspector. */
class Inspector {
  readonly #post: Post;
  readonly #holder: { given?: unknown; taken?: unknown } = {};
  readonly #holderId: string;
  readonly #scripts = new Map<string, ScriptRecord>();
  readonly #alive = new Set<string>();
  readonly #texts = new Map<string, string>();
  #hasListened = false;
  #isListening = false;

  constructor() {
    const { post, onScript } = openSession();
    this.#post = post;
    onScript((script) => {
      this.#alive.add(script.id);
      this.#scripts.set(script.id, script);
    });
    this.#holderId = this.#reachableHolder();
  }

  /** Undefined for functions that are not written in JavaScript, and for bound ones. */
  site(fn: object): FunctionSite | undefined {
    this.#holder.given = fn;
    const fnId = this.#call('function () { return this.given; }');
    const answer = this.#post('Runtime.getProperties', { objectId: fnId, ownProperties: true });
    const properties = (answer as PropertiesAnswer).internalProperties ?? [];
    const location = internal(properties, '[[FunctionLocation]]')?.value;
    const scopesId = internal(properties, '[[Scopes]]')?.objectId;
    if (location !== undefined && scopesId !== undefined) {
      this.#call('function (scopes) { this.taken = scopes; }', [{ objectId: scopesId }]);
    }
    this.#post('Runtime.releaseObjectGroup', { objectGroup: 'tspipe' });
    const scopes = scopesOf(this.#holder.taken);
    this.#holder.given = undefined;
    this.#holder.taken = undefined;
    if (location === undefined) return undefined;
    if (scopes.some(({ description }) => description === 'Module')) this.#addModule(location.scriptId, fn);
    return {
      scriptId: location.scriptId,
      line: location.lineNumber,
      column: location.columnNumber,
      scopes: scopes.flatMap(scopeObjects),
    };
  }

  /** The values of the private static fields of a class, by names such as `#count`. */
  privateFields(fn: object): ReadonlyMap<string, unknown> {
    this.#holder.given = fn;
    const fnId = this.#call('function () { return this.given; }');
    const answer = this.#post('Runtime.getProperties', { objectId: fnId, ownProperties: true });
    const found = new Map<string, unknown>();
    for (const { name, value } of (answer as PropertiesAnswer).privateProperties ?? []) {
      if (value !== undefined) found.set(name, this.#valueOf(value));
    }
    this.#post('Runtime.releaseObjectGroup', { objectGroup: 'tspipe' });
    this.#holder.given = undefined;
    return found;
  }

  #valueOf({ objectId, unserializableValue, value }: RemoteObject): unknown {
    const given = [{ objectId }, { unserializableValue }, { value }].find(
      (one) => Object.values(one)[0] !== undefined,
    );
    this.#call('function (value) { this.taken = value; }', [given ?? {}]);
    const { taken } = this.#holder;
    this.#holder.taken = undefined;
    return taken;
  }

  script(id: string): ScriptRecord | undefined {
    if (!this.#scripts.has(id)) this.#listen();
    return this.#scripts.get(id);
  }

  /** All scripts, as of the last time that one was not known. */
  scripts(): Iterable<ScriptRecord> {
    if (!this.#hasListened) this.#listen();
    return this.#scripts.values();
  }

  /** Undefined for a script that is gone: it has no function that is still alive. */
  source(id: string): string | undefined {
    const text = this.#texts.get(id);
    if (text !== undefined) return text;
    if (this.script(id) === undefined) return undefined;
    this.#listen();
    // Telling of all scripts is also how the engine tells which are left.
    if (!this.#alive.has(id)) return undefined;
    const answer = this.#post('Debugger.getScriptSource', { scriptId: id }) as { scriptSource: string };
    return answer.scriptSource;
  }

  /** To be called when a capture is done: while the debugger is on, every `await` costs eight times as much. */
  rest(): void {
    if (!this.#isListening) return;
    this.#isListening = false;
    this.#post('Debugger.disable');
  }

  /** Makes a script known without the debugger, where that can be. */
  #addModule(id: string, fn: object): void {
    if (this.#scripts.has(id)) return;
    const found = moduleOnStack(fn, id);
    if (found === undefined) return;
    const { url, text, sourceMapUrl } = found;
    this.#texts.set(id, text);
    this.#scripts.set(id, { id, url, isModule: true, startLine: 0, startColumn: 0, sourceMapUrl });
  }

  #listen(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    this.#hasListened = true;
    this.#alive.clear();
    this.#post('Debugger.enable');
    this.#post('Debugger.setSkipAllPauses', { skip: true });
  }

  #call(functionDeclaration: string, args: readonly object[] = []): string | undefined {
    const parameters = {
      objectId: this.#holderId,
      functionDeclaration,
      arguments: args,
      objectGroup: 'tspipe',
    };
    const answer = this.#post('Runtime.callFunctionOn', parameters) as { result: RemoteObject };
    return answer.result.objectId;
  }

  #reachableHolder(): string {
    Object.defineProperty(globalThis, HOLDER, { value: this.#holder, configurable: true });
    try {
      const expression = `globalThis[Symbol.for(${JSON.stringify(HOLDER.description)})]`;
      const answer = this.#post('Runtime.evaluate', { expression }) as { result: RemoteObject };
      if (answer.result.objectId === undefined) throw unavailable('it looks into another context');
      return answer.result.objectId;
    } finally {
      Reflect.deleteProperty(globalThis, HOLDER);
    }
  }
}

/** The inspector of this process, opened on first use. */
export const inspector = lazily(() => new Inspector());

function internal(properties: NonNullable<PropertiesAnswer['internalProperties']>, name: string) {
  return properties.find((property) => property.name === name)?.value;
}

interface EngineScope {
  readonly description: string;
  readonly object: object;
}

function scopesOf(scopes: unknown): readonly EngineScope[] {
  // The engine's list looks like an array and has no iterator.
  return scopes === undefined ? [] : Array.from(scopes as ArrayLike<EngineScope>);
}

function scopeObjects({ description, object }: EngineScope): readonly object[] {
  if (description !== 'Global') return [object];
  return object === globalThis ? [] : [ownGlobals(object)];
}

/** What a script put on the global object of another context: a prompt has its own. */
function ownGlobals(context: object): object {
  const properties = Object.entries(Object.getOwnPropertyDescriptors(context));
  const own = properties.filter(
    ([name, { enumerable }]) =>
      enumerable === true && !(Object.hasOwn(globalThis, name) && isStandardGlobal(name)),
  );
  return Object.defineProperties({}, Object.fromEntries(own));
}

function openSession(): { post: Post; onScript: (met: (script: ScriptRecord) => void) => void } {
  try {
    // Loaded here and not imported above: a Node built without it fails at the import.
    const { Session } = createRequire(import.meta.url)('node:inspector') as typeof import('node:inspector');
    const session = new Session();
    session.connect();
    return {
      post: (method, parameters = {}) => posted(session, method, parameters),
      onScript: (met) =>
        session.on('Debugger.scriptParsed', ({ params }: { params: ScriptParsed }) => met(recordOf(params))),
    };
  } catch (cause) {
    throw unavailable(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function posted(session: import('node:inspector').Session, method: string, parameters: object): unknown {
  const answers: { error: Error | null; result: unknown }[] = [];
  session.post(method, parameters, (error: Error | null, result?: object) => answers.push({ error, result }));
  const answer = answers[0];
  if (answer === undefined) throw unavailable(`${method} was not answered at once`);
  if (answer.error !== null) throw unavailable(`${method}: ${answer.error.message}`, answer.error);
  return answer.result;
}

function recordOf(script: ScriptParsed): ScriptRecord {
  return {
    id: script.scriptId,
    url: script.url,
    isModule: script.isModule === true,
    startLine: script.startLine,
    startColumn: script.startColumn,
    sourceMapUrl: script.sourceMapURL ?? '',
  };
}

function unavailable(reason: string, cause?: unknown): PipeError {
  return new PipeError(
    'CAPTURE_UNAVAILABLE',
    `The variables that a function refers to are read through Node's inspector, which does not answer: ${reason}. Run the script with a Node that has its inspector, without --permission.`,
    cause === undefined ? undefined : { cause },
  );
}
