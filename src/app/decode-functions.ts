import { type Program, reroot } from '../capture/index.ts';
import { PipeError } from '../errors.ts';
import {
  type DecodeOptions,
  type JsonValue,
  type RegisteredClass,
  type Registration,
  registrationNamed,
} from '../serialization/index.ts';
import {
  type AppBody,
  type FunctionInstance,
  type LoadedFunction,
  loadFunction,
  reviveApp,
  type SubmitCall,
} from './load-function.ts';
import type { FunctionBody } from './portable-values.ts';

/** What decoding needs where values may hold functions, apps and instances of registered classes. */
export type Revival = Required<Pick<DecodeOptions, 'revive' | 'classes'>>;

interface DecodeContext {
  /** Where calls of apps go that a value holds, or that its functions refer to. */
  readonly submit: SubmitCall;
  /** Classes whose instances the value is to hold, before those that come with it. */
  readonly classes?: readonly RegisteredClass[];
}

/**
 * Decodes a value with the functions, apps and classes in it. Loading one is asynchronous, so `decode` is called again
 * when those that it met are loaded.
 */
export async function decodeWithFunctions<T>(
  decode: (how: Revival) => T,
  { submit, classes = [] }: DecodeContext,
): Promise<T> {
  let reviver: Reviver | undefined;
  // Plain values, the most, need none.
  const made = (): Reviver => {
    reviver ??= new Reviver(submit, classes);
    return reviver;
  };
  const revival: Revival = {
    revive: (tag, body, blobs) => made().revive(tag, body, blobs),
    classes: (name) => made().classNamed(name),
  };
  for (;;) {
    const attempt = attempted(() => decode(revival));
    if (reviver === undefined || !reviver.isMissing) return attempt();
    await reviver.load();
  }
}

function attempted<T>(act: () => T): () => T {
  try {
    const value = act();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

type Body = FunctionBody & { readonly name: string };

class Reviver {
  readonly #submit: SubmitCall;
  readonly #classes = new Map<string, Registration>();
  readonly #missing = new Map<string, Pick<Program, 'text' | 'blobs'>>();
  readonly #loaded = new Map<string, LoadedFunction>();
  /** Made when they were loaded, so that their classes are known before the first instance of one is decoded. */
  readonly #ready = new Map<string, FunctionInstance>();

  constructor(submit: SubmitCall, classes: readonly RegisteredClass[]) {
    this.#submit = submit;
    this.#addClasses(classes);
  }

  classNamed(name: string): Registration | undefined {
    return this.#classes.get(name);
  }

  get isMissing(): boolean {
    return this.#missing.size > 0;
  }

  async load(): Promise<void> {
    for (const [identity, program] of this.#missing) {
      const loaded = await loadFunction(program, this.#submit);
      const made = loaded.newInstance();
      this.#loaded.set(identity, loaded);
      this.#ready.set(identity, made);
      this.#addClasses(made.classes);
    }
    this.#missing.clear();
  }

  #addClasses(classes: readonly RegisteredClass[]): void {
    for (const { how } of classes) if (!this.#classes.has(how.name)) this.#classes.set(how.name, how);
  }

  revive(tag: string, body: JsonValue, blobs: readonly Uint8Array[]): unknown {
    if (tag !== 'Function' && tag !== 'App' && tag !== 'Class') {
      throw new PipeError('VALUE_MALFORMED', `A value holds something of the unknown kind "${tag}".`);
    }
    const { name, identity, text } = body as unknown as Body;
    if (tag === 'Class') {
      const known = this.#classes.get(name) ?? registrationNamed(name);
      if (known !== undefined) return known;
    }
    const loaded = this.#loaded.get(identity);
    if (loaded === undefined) {
      this.#missing.set(identity, { text, blobs });
      return tag === 'Class' ? NOT_YET : undefined;
    }
    if (tag === 'App') return this.#app(body, blobs, loaded);
    return this.#instance(identity, loaded).fn;
  }

  /** Functions of equal code are as many as there were. */
  #instance(identity: string, loaded: LoadedFunction): FunctionInstance {
    const ready = this.#ready.get(identity);
    this.#ready.delete(identity);
    return ready ?? loaded.newInstance();
  }

  #app(body: JsonValue, blobs: readonly Uint8Array[], loaded: LoadedFunction): unknown {
    const { text } = body as unknown as Body;
    const part = { fn: () => loaded.instance().fn, program: () => reroot(text, 0, blobs) };
    return reviveApp(body as unknown as AppBody, part, this.#submit);
  }
}

const NOT_YET: Registration = { name: '', encode: () => null, decode: () => null };
