import { programSources } from '../capture/index.ts';
import { PipeError } from '../errors.ts';
import type { JsonValue, Registration, Replacement } from '../serialization/index.ts';

const standIns = new WeakMap<object, Replacement>();

/** What a stand-in stands for. */
export function knownStandIn(value: object): Replacement | undefined {
  return standIns.get(value);
}

/** What stands for functions, apps and classes in a process that only looks at values, and does not run them. */
export function reviveAppValue(tag: string, body: JsonValue, blobs: readonly Uint8Array[] = []): unknown {
  const standIn = makeStandIn(tag, body);
  const { identity } = body as { readonly identity: string };
  standIns.set(standIn, { tag, body, key: identity, blobs });
  return standIn;
}

function makeStandIn(tag: string, body: JsonValue): object {
  if (tag === 'Class') return classStandIn((body as { readonly name: string }).name);
  if (tag === 'Function' || tag === 'App') return functionStandIn((body as { readonly text: string }).text);
  throw new PipeError('VALUE_MALFORMED', `A value holds something of the unknown kind "${tag}".`);
}

function functionStandIn(text: string): object {
  const standIn = (): never => {
    throw new PipeError(
      'ARGUMENT_INVALID',
      'This function only stands for the one in the queue, and cannot be called. For a result: await future.result(). For an argument: await task.run().',
    );
  };
  // Whoever looks at it is to see the function that it stands for.
  const about = () => programSources(text)[0];
  Object.defineProperty(standIn, 'name', { get: () => about()?.name ?? '' });
  return Object.defineProperty(standIn, 'toString', { value: () => about()?.source ?? '' });
}

/** Makes, in place of instances, objects that show what is stored of them. */
function classStandIn(name: string): Registration {
  const { [name]: StandIn = Object } = { [name]: class {} };
  const stored = new WeakMap<object, unknown>();
  return {
    name,
    encode: (value) => stored.get(value as object),
    decode: (data) => {
      const shown = isRecord(data) ? data : { value: data };
      const instance: object = new StandIn();
      // Not assigned: a key `__proto__` would make it something else.
      for (const [key, value] of Object.entries(shown))
        Object.defineProperty(instance, key, { value, writable: true, enumerable: true, configurable: true });
      stored.set(instance, data);
      return instance;
    },
  };
}

function isRecord(data: unknown): data is object {
  return typeof data === 'object' && data !== null && Object.getPrototypeOf(data) === Object.prototype;
}
