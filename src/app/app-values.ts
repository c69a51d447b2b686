import {
  type AnyFunction,
  type Capture,
  type CaptureHooks,
  captureFunction,
  type FunctionSetting,
  type KnownValue,
  type Program,
  programSources,
} from '../capture/index.ts';
import { PipeError } from '../errors.ts';
import { encodeValue, type JsonValue, type Replacement } from '../serialization/index.ts';
import { APP, isMarkedApp } from './app-mark.ts';
import { isPerWorker, PER_WORKER } from './per-worker.ts';
import { isFuture, Settled } from './reference.ts';

/** How functions are captured here: with the project's codec, and with apps among the values they refer to. */
export function captureHooks(setting: FunctionSetting = {}): CaptureHooks {
  return {
    encode: (value, options) =>
      encodeValue(value, {
        trail: options.trail,
        // The codec's JSON values and the capture's are the same; only one of them says readonly.
        replace: options.replace as (value: object, trail: string) => Replacement | undefined,
      }),
    replace: replaceInCode,
    ...setting,
  };
}

function replaceInCode(value: object, trail: string): KnownValue | undefined {
  if (isMarkedApp(value)) {
    const { name, kind, taskManager, fn, receiver } = value[APP];
    const { uses, ...options } = value[APP].options;
    const body = JSON.parse(JSON.stringify({ name, kind, options, taskManager })) as JsonValue;
    return { tag: 'App', body, parts: [{ fn, name, receiver, uses }] };
  }
  if (isPerWorker(value))
    return { tag: 'PerWorker', body: null, parts: [{ fn: value[PER_WORKER], name: trail }] };
  if (isFuture(value) || value instanceof Settled) {
    throw new PipeError('CAPTURE_REFUSED', `${trail}: a Future cannot be captured. Pass it as an argument.`);
  }
  return undefined;
}

const captures = new WeakMap<object, Capture>();
const standIns = new WeakMap<object, Replacement>();

/** Functions among arguments and results travel as programs. */
export function replaceAppValue(value: object, trail: string): Replacement | undefined {
  if (typeof value !== 'function') return undefined;
  if (isMarkedApp(value) || isPerWorker(value)) throw notAnArgument(value, trail);
  const standIn = standIns.get(value);
  if (standIn !== undefined) return standIn;
  const known = captures.get(value);
  known?.verifyUnchanged();
  const capture = known ?? captureFunction(value as AnyFunction, trail, captureHooks());
  const program = capture.program();
  captures.set(value, capture);
  return { tag: 'Function', body: portable(program, trail) };
}

function notAnArgument(value: object, trail: string): PipeError {
  const cure = isMarkedApp(value)
    ? 'an app cannot be an argument. Call it in the function, or pass app.fn, its plain function.'
    : 'a per-worker value cannot be an argument. Use it in the function.';
  return new PipeError('ARGUMENT_INVALID', `${trail}: ${cure}`);
}

function portable(program: Program, trail: string): { identity: string; text: string } {
  if (program.blobs.length === 0) return { identity: program.identity, text: program.text };
  throw new PipeError(
    'CAPTURE_TOO_LARGE',
    `${trail}: a function among arguments refers to more than 64 KiB of binary data. Pass the data as an argument.`,
  );
}

/** What stands for a function in a process that only looks at values, and does not run them. */
export function reviveAppValue(tag: string, body: JsonValue): unknown {
  if (tag !== 'Function')
    throw new PipeError('VALUE_MALFORMED', `A value holds something of the unknown kind "${tag}".`);
  const standIn = (): never => {
    throw new PipeError(
      'ARGUMENT_INVALID',
      'This function only stands for the one that the task was given. To run it: await task.run().',
    );
  };
  // Whoever looks at it is to see the function that it stands for.
  const about = () => programSources((body as { readonly text: string }).text)[0];
  Object.defineProperty(standIn, 'name', { get: () => about()?.name ?? '' });
  Object.defineProperty(standIn, 'toString', { value: () => about()?.source ?? '' });
  standIns.set(standIn, { tag, body });
  return standIn;
}
