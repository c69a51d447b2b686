import { createRequire } from 'node:module';
import { PipeError } from '../errors.ts';
import { lazily } from './syntax.ts';
const HOLDER = Symbol.for('tspipe.capture.holder');
/** The engine's own view of functions and scripts, through its in-process inspector. */
export class Inspector {
  #post;
  #holder = {};
  #holderId;
  #scripts = new Map();
  #alive = new Set();
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
  site(fn) {
    this.#holder.given = fn;
    const fnId = this.#call('function () { return this.given; }');
    const answer = this.#post('Runtime.getProperties', { objectId: fnId, ownProperties: true });
    const properties = answer.internalProperties ?? [];
    const location = internal(properties, '[[FunctionLocation]]')?.value;
    const scopesId = internal(properties, '[[Scopes]]')?.objectId;
    if (location !== undefined && scopesId !== undefined) {
      this.#call('function (scopes) { this.taken = scopes; }', [{ objectId: scopesId }]);
    }
    this.#post('Runtime.releaseObjectGroup', { objectGroup: 'tspipe' });
    const scopes = scopeObjects(this.#holder.taken);
    this.#holder.given = undefined;
    this.#holder.taken = undefined;
    if (location === undefined) return undefined;
    return { scriptId: location.scriptId, line: location.lineNumber, column: location.columnNumber, scopes };
  }
  script(id) {
    if (!this.#scripts.has(id)) this.#listen();
    return this.#scripts.get(id);
  }
  /** All scripts known by now; call `script` first to have met the newest. */
  scripts() {
    return this.#scripts.values();
  }
  /** Undefined for a script that is gone: it has no function that is still alive. */
  source(id) {
    if (this.script(id) === undefined) return undefined;
    this.#listen();
    // Telling of all scripts is also how the engine tells which are left.
    if (!this.#alive.has(id)) return undefined;
    const answer = this.#post('Debugger.getScriptSource', { scriptId: id });
    return answer.scriptSource;
  }
  /** To be called when a capture is done: while the debugger is on, every `await` costs eight times as much. */
  rest() {
    if (!this.#isListening) return;
    this.#isListening = false;
    this.#post('Debugger.disable');
  }
  #listen() {
    if (this.#isListening) return;
    this.#isListening = true;
    this.#alive.clear();
    this.#post('Debugger.enable');
    this.#post('Debugger.setSkipAllPauses', { skip: true });
  }
  #call(functionDeclaration, args = []) {
    const parameters = {
      objectId: this.#holderId,
      functionDeclaration,
      arguments: args,
      objectGroup: 'tspipe',
    };
    const answer = this.#post('Runtime.callFunctionOn', parameters);
    return answer.result.objectId;
  }
  #reachableHolder() {
    Object.defineProperty(globalThis, HOLDER, { value: this.#holder, configurable: true });
    try {
      const expression = `globalThis[Symbol.for(${JSON.stringify(HOLDER.description)})]`;
      const answer = this.#post('Runtime.evaluate', { expression });
      if (answer.result.objectId === undefined) throw unavailable('it looks into another context');
      return answer.result.objectId;
    } finally {
      Reflect.deleteProperty(globalThis, HOLDER);
    }
  }
}
/** The inspector of this process, opened on first use. */
export const inspector = lazily(() => new Inspector());
function internal(properties, name) {
  return properties.find((property) => property.name === name)?.value;
}
function scopeObjects(scopes) {
  if (scopes === undefined) return [];
  // The engine's list looks like an array and has no iterator.
  const list = Array.from(scopes);
  return list.filter(({ description }) => description !== 'Global').map(({ object }) => object);
}
function openSession() {
  try {
    // Loaded here and not imported above: a Node built without it fails at the import.
    const { Session } = createRequire(import.meta.url)('node:inspector');
    const session = new Session();
    session.connect();
    return {
      post: (method, parameters = {}) => posted(session, method, parameters),
      onScript: (met) => session.on('Debugger.scriptParsed', ({ params }) => met(recordOf(params))),
    };
  } catch (cause) {
    throw unavailable(cause instanceof Error ? cause.message : String(cause), cause);
  }
}
function posted(session, method, parameters) {
  const answers = [];
  session.post(method, parameters, (error, result) => answers.push({ error, result }));
  const answer = answers[0];
  if (answer === undefined) throw unavailable(`${method} was not answered at once`);
  if (answer.error !== null) throw unavailable(`${method}: ${answer.error.message}`, answer.error);
  return answer.result;
}
function recordOf(script) {
  return {
    id: script.scriptId,
    url: script.url,
    isModule: script.isModule === true,
    startLine: script.startLine,
    startColumn: script.startColumn,
    sourceMapUrl: script.sourceMapURL ?? '',
  };
}
function unavailable(reason, cause) {
  return new PipeError(
    'CAPTURE_UNAVAILABLE',
    `The variables that a function refers to are read through Node's inspector, which does not answer: ${reason}. Run the script with a Node that has its inspector, without --permission.`,
    cause === undefined ? undefined : { cause },
  );
}
//# sourceMappingURL=inspector.js.map
