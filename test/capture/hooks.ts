import {
  type Capture,
  type CaptureHooks,
  captureFunction,
  type LoadedProgram,
  loadProgram,
  type Program,
} from '../../src/capture/index.ts';
import { decodeValue, encodeValue } from '../../src/serialization/index.ts';

type Named = (...args: never) => unknown;

/** Captures with the codec of the project. */
export function capture(fn: Named, name = 'task', hooks: Partial<CaptureHooks> = {}): Capture {
  return captureFunction(fn, name, { encode: encodeValue, ...hooks });
}

export function programOf(fn: Named, hooks: Partial<CaptureHooks> = {}): Program {
  return capture(fn, 'task', hooks).program();
}

export function load({ text, blobs }: Program): Promise<LoadedProgram> {
  return loadProgram(text, { blobs, decode: decodeValue });
}

/** Captures a function, makes it again and calls it. */
export async function roundTrip(fn: Named, ...args: readonly unknown[]): Promise<unknown> {
  const loaded = await load(programOf(fn));
  return loaded.instantiate()(...args);
}
