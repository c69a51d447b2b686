import {
  type AnyFunction,
  type Capture,
  captureFunction,
  isOwnCode,
  type Program,
} from '../capture/index.ts';
import { PipeError } from '../errors.ts';
import type { EncodeOptions, JsonValue, RegisteredClass, Replacement } from '../serialization/index.ts';
import { APP, isMarkedApp } from './app-mark.ts';
import { captureHooks, describeApp } from './app-values.ts';
import { isPerWorker } from './per-worker.ts';
import { knownStandIn } from './stand-ins.ts';

/** The code of a function that stands in a value. */
export interface FunctionBody {
  /** Name of the registered class that it is for, or of the app. */
  readonly name?: string;
  readonly identity: string;
  readonly text: string;
}

const captures = new WeakMap<object, Capture>();

/** How functions, apps and the classes of instances travel among arguments and results: as programs. */
export const portableValues: Pick<Required<EncodeOptions>, 'replace' | 'classOf'> = {
  replace: replaceAppValue,
  classOf: replaceClass,
};

function replaceAppValue(value: object, trail: string): Replacement | undefined {
  if (typeof value !== 'function') return undefined;
  if (isMarkedApp(value)) {
    const { body, key } = describeApp(value[APP]);
    const program = value[APP].program();
    return replacement('App', program, { about: { ...(body as object) }, key: [key, program.identity] });
  }
  if (isPerWorker(value)) {
    throw new PipeError(
      'ARGUMENT_INVALID',
      `${trail}: a per-worker value cannot be an argument or a result. Use it in the function.`,
    );
  }
  const program = captured(value, () => captureFunction(value as AnyFunction, trail, captureHooks()));
  return knownStandIn(value) ?? replacement('Function', program());
}

/** The code of a class comes with it, for whoever has not registered it: most of all, workers. */
function replaceClass(known: RegisteredClass, trail: string): Replacement | undefined {
  const { how, owner } = known;
  const standIn = knownStandIn(how);
  if (standIn !== undefined) return standIn;
  const name = `${trail} → ${how.name}`;
  const program = captured(known, () => {
    if (owner !== undefined && isOwnCode(owner)) return captureFunction(owner, name, captureHooks());
    return captureFunction(how.decode, name, captureHooks({ madeFor: known }));
  });
  return replacement('Class', program(), { about: { name: how.name } });
}

/** The program of what was captured, as of now. */
function captured(key: object, capture: () => Capture): () => Program {
  return () => {
    const known = captures.get(key);
    known?.verifyUnchanged();
    const one = known ?? capture();
    const program = one.program();
    captures.set(key, one);
    return program;
  };
}

function replacement(
  tag: string,
  { identity, text, blobs }: Program,
  { about = {}, key = identity }: { readonly about?: object; readonly key?: JsonValue } = {},
): Replacement {
  return { tag, body: { ...about, identity, text }, key, blobs };
}
