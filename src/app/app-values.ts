import type { CaptureHooks, FunctionSetting, KnownValue } from '../capture/index.ts';
import { PipeError } from '../errors.ts';
import { encodeValue, type JsonValue, registeredClass, type Replacement } from '../serialization/index.ts';
import { APP, type AppFacts, isMarkedApp } from './app-mark.ts';
import { isPerWorker, PER_WORKER } from './per-worker.ts';
import { isFuture, Settled } from './reference.ts';
import { isRemade, REMADE } from './remade.ts';

/** How functions are captured here: with the project's codec, and with apps among the values they refer to. */
export function captureHooks(setting: FunctionSetting = {}): CaptureHooks {
  return {
    encode: (value, { trail, replace, onClass }) =>
      encodeValue(value, {
        trail,
        // The codec's JSON values and the capture's are the same; only one of them says readonly.
        replace: replace as (value: object, trail: string) => Replacement | undefined,
        classOf: (known, where) => void onClass(known, where),
      }),
    replace: replaceInCode,
    classOf: registeredClass,
    ...setting,
  };
}

function replaceInCode(value: object, trail: string): KnownValue | undefined {
  if (isMarkedApp(value)) {
    const { name, fn, receiver, options } = value[APP];
    const { body, key } = describeApp(value[APP]);
    return { tag: 'App', body, key, parts: [{ fn, name, receiver, uses: options.uses }] };
  }
  if (isPerWorker(value)) {
    const { factory, number } = value[PER_WORKER];
    // The number alone may be that of another one in an older version of the script.
    const which = `${number} ${trail.split(' → ').at(-1)}`;
    return { tag: 'PerWorker', body: which, key: null, parts: [{ fn: factory, name: trail }] };
  }
  if (isRemade(value)) return value[REMADE];
  if (isFuture(value) || value instanceof Settled) {
    throw new PipeError('CAPTURE_REFUSED', `${trail}: a Future cannot be captured. Pass it as an argument.`);
  }
  return undefined;
}

/** An app without its function, and what of it counts for the identity of what refers to it. */
export function describeApp({ name, kind, taskManager, options }: AppFacts): {
  body: JsonValue;
  key: JsonValue;
} {
  const { uses: _travelsWithTheFunction, ...plain } = options;
  const { identity, version, skip } = options;
  const environ = identity?.environ === false ? '' : taskManager.environIdentity;
  return {
    body: json({ name, kind, options: plain, taskManager }),
    key: json({ name, kind, environ, versions: identity?.versions, version, skip }),
  };
}

function json(value: object): JsonValue {
  return JSON.parse(JSON.stringify(value)) as JsonValue;
}
