import {
  type AnyFunction,
  loadProgram,
  type LoadedProgram,
  type Program,
  type ProgramPart,
} from '../capture/index.ts';
import { PipeError } from '../errors.ts';
import { decodeValue, type JsonValue } from '../serialization/index.ts';
import { type AppDefinition, type Call, createApp } from './app.ts';
import type { AppKind } from './app-mark.ts';
import type { AppOptions } from './options.ts';
import { createPerWorker } from './per-worker.ts';

/** Where calls of the apps that a loaded function refers to go. */
export type SubmitCall = (call: Call) => unknown;

/** A function from a queue, ready to be made. */
export type LoadedFunction = LoadedProgram;

const perWorker = new Map<string, unknown>();

/** The function of a program, with the apps and per-worker values it refers to made again. */
export async function loadFunction(
  { text, blobs }: Pick<Program, 'text' | 'blobs'>,
  submit: SubmitCall,
): Promise<LoadedProgram> {
  return await loadProgram(text, {
    blobs,
    decode: decodeValue,
    revive: (tag, body, [part]) => {
      if (part === undefined) throw unreadable(tag);
      if (tag === 'App') return reviveApp(body as unknown as AppBody, part, submit);
      if (tag === 'PerWorker') return revivePerWorker(part);
      throw unreadable(tag);
    },
  });
}

interface AppBody {
  readonly name: string;
  readonly kind: AppKind;
  readonly options: AppOptions;
  readonly taskManager: AppDefinition['taskManager'];
}

function reviveApp(body: AppBody, part: ProgramPart, submit: SubmitCall): unknown {
  let program: Program | undefined;
  return createApp({
    ...body,
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

/** One value a process, however many tasks and programs refer to it. */
function revivePerWorker(part: ProgramPart): unknown {
  const { identity } = part.program();
  const known = perWorker.get(identity);
  if (known !== undefined) return known;
  const made = createPerWorker(part.fn() as () => unknown);
  perWorker.set(identity, made);
  return made;
}

function unreadable(tag: string): PipeError {
  return new PipeError('VALUE_MALFORMED', `A program refers to something of the unknown kind "${tag}".`);
}

interface FunctionBody {
  readonly identity: string;
  readonly text: string;
}

/**
 * Decodes arguments with the functions among them: since loading one is asynchronous, a first pass finds them.
 * `decode` is called with what revives functions, once or twice.
 */
export async function decodeWithFunctions<T>(
  decode: (revive: (tag: string, body: JsonValue) => unknown) => T,
  submit: SubmitCall,
): Promise<T> {
  const bodies = new Map<string, FunctionBody>();
  const found = decode((tag, body) => {
    const known = functionBody(tag, body);
    bodies.set(known.identity, known);
    return known;
  });
  if (bodies.size === 0) return found;
  const loaded = new Map<string, AnyFunction>();
  for (const [identity, { text }] of bodies) {
    loaded.set(identity, (await loadFunction({ text, blobs: [] }, submit)).instantiate());
  }
  return decode((tag, body) => loaded.get(functionBody(tag, body).identity));
}

function functionBody(tag: string, body: JsonValue): FunctionBody {
  if (tag !== 'Function') throw unreadable(tag);
  return body as unknown as FunctionBody;
}
