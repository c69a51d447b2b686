import {
  type AnyFunction,
  type LoadedClass,
  loadProgram,
  type LoadedProgram,
  type Program,
  type ProgramPart,
} from '../capture/index.ts';
import { PipeError } from '../errors.ts';
import { adoptClass, collectClasses, decodeValue, type RegisteredClass } from '../serialization/index.ts';
import { type AppDefinition, type Call, createApp, type UntypedApp } from './app.ts';
import type { AppKind } from './app-mark.ts';
import type { AppOptions } from './options.ts';
import { createPerWorker } from './per-worker.ts';
import { loadRemakers, remakers } from './remade.ts';

/** Where calls of the apps that a loaded function refers to go. */
export type SubmitCall = (call: Call) => unknown;

/** A function that was made, with the registered classes that it knows. */
export interface FunctionInstance {
  readonly fn: AnyFunction;
  readonly classes: readonly RegisteredClass[];
}

/** A function from a queue, ready to be made. */
export interface LoadedFunction extends Pick<LoadedProgram, 'file' | 'packages'> {
  /** The function with its own copy of all data it refers to; what has no data to change is made only once. */
  instance(): FunctionInstance;
  /** A copy that is its own, whether or not it has data. */
  newInstance(): FunctionInstance;
}

const perWorker = new Map<string, unknown>();

interface Stored extends Pick<Program, 'text' | 'blobs'> {
  readonly key?: string;
}

/** The function of a program, with the apps and per-worker values it refers to made again. */
export async function loadFunction(
  { text, blobs, key }: Stored,
  submit: SubmitCall,
): Promise<LoadedFunction> {
  await loadRemakers(text);
  const loaded = await loadProgram(text, {
    blobs,
    ...(key === undefined ? {} : { key }),
    decode: decodeValue,
    revive: (tag, body, [part]) => {
      const remake = tag === 'TaskManager' || tag === 'Queue' ? remakers[tag] : undefined;
      if (remake !== undefined) return remake(body);
      if (part === undefined) throw unreadable(tag);
      if (tag === 'App') return reviveApp(body as unknown as AppBody, part, submit);
      if (tag === 'PerWorker') return revivePerWorker(String(body), part);
      throw unreadable(tag);
    },
  });
  return new FunctionMaker(loaded);
}

class FunctionMaker implements LoadedFunction {
  readonly #loaded: LoadedProgram;
  #shared: FunctionInstance | undefined;

  constructor(loaded: LoadedProgram) {
    this.#loaded = loaded;
  }

  get file(): LoadedProgram['file'] {
    return this.#loaded.file;
  }

  get packages(): LoadedProgram['packages'] {
    return this.#loaded.packages;
  }

  instance(): FunctionInstance {
    if (this.#shared !== undefined) return this.#shared;
    const made = this.newInstance();
    if (this.#loaded.isShared) this.#shared = made;
    return made;
  }

  newInstance(): FunctionInstance {
    // A class may be registered by a static block of its own.
    const { made, classes } = collectClasses(() => this.#loaded.newInstance());
    const all = [...made.classes.map(asRegistered), ...classes];
    for (const known of all) adoptClass(known);
    return { fn: made.fn, classes: all };
  }
}

function asRegistered({ owner, how }: LoadedClass): RegisteredClass {
  return { owner: owner as RegisteredClass['owner'], how };
}

export interface AppBody {
  readonly name: string;
  readonly kind: AppKind;
  readonly options: AppOptions;
  readonly taskManager: AppDefinition['taskManager'];
}

export function reviveApp(body: AppBody, part: ProgramPart, submit: SubmitCall): UntypedApp {
  const { name, kind, options, taskManager } = body;
  let program: Program | undefined;
  return createApp({
    name,
    kind,
    options,
    taskManager,
    fn: ((...args: unknown[]) => Reflect.apply(part.fn(), undefined, args)) as AnyFunction,
    receiver: undefined,
    program: () => {
      program ??= part.program();
      return program;
    },
    verifyUnchanged: () => undefined,
    submit,
    whyImpossible: () => undefined,
  });
}

/** One value a process, however many tasks and programs refer to it; `which` tells apart those of equal code. */
function revivePerWorker(which: string, part: ProgramPart): unknown {
  const identity = `${part.program().identity} ${which}`;
  const known = perWorker.get(identity);
  if (known !== undefined) return known;
  const made = createPerWorker(part.fn() as () => unknown);
  perWorker.set(identity, made);
  return made;
}

function unreadable(tag: string): PipeError {
  return new PipeError('VALUE_MALFORMED', `A program refers to something of the unknown kind "${tag}".`);
}
