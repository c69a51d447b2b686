import { types } from 'node:util';
import { PipeError } from '../errors.ts';
import { className } from './realm.ts';
import type { Trail } from './trail.ts';

/** Why a value cannot travel, and what to do instead; both without a full stop. */
interface Reason {
  readonly what: string;
  readonly cure: string;
}

/** The error for what stands at the end of the trail. */
export function refusal(trail: Trail, { what, cure }: Reason, cause?: unknown): PipeError {
  const message = `${trail}: ${what}. ${cure}.`;
  return new PipeError('VALUE_NOT_ENCODABLE', message, cause === undefined ? undefined : { cause });
}

/**
 * Why this function or object cannot travel; runs none of its code. `isResult`: advice for who returns it.
 */
export function reasonAgainst(value: object, isResult = false): Reason {
  if (types.isProxy(value)) {
    return { what: 'a Proxy cannot travel to a worker', cure: 'Pass the object behind it, or a plain copy' };
  }
  if (typeof value === 'function') return reasonAgainstFunction(value);
  const known = KNOWN.find(({ is }) => is(value));
  const name = known?.name ?? className(value);
  if (isResult && !types.isPromise(value) && isSequence(value)) {
    return {
      what: `a result cannot be a ${name === 'Object' ? 'stream of values' : name}: a result is kept as a whole`,
      cure: 'Write what it gives to a file and return the path, or collect it where it fits in memory, for instance with await Array.fromAsync(values)',
    };
  }
  if (known !== undefined)
    return { what: `${withArticle(name)} cannot travel to a worker`, cure: known.cure };
  if (isLive(value)) {
    return {
      what: `a live ${name} cannot travel to a worker`,
      cure: 'Open it inside the task, or make one per worker with tm.perWorker',
    };
  }
  if (name === 'Object') {
    return {
      what: 'an object with a prototype of its own cannot travel to a worker',
      cure: 'Pass a plain object, for instance { ...value }',
    };
  }
  if (isOfPlatform(value)) {
    return {
      what: `${withArticle(name)} cannot travel to a worker`,
      cure: PLATFORM_CURES[name] ?? MAKE_INSIDE,
    };
  }
  return {
    what: `an instance of ${name} cannot travel to a worker, because its class is not registered`,
    cure: `Tell how with registerClass(${name}, …), or pass plain data`,
  };
}

function withArticle(name: string): string {
  return `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`;
}

function reasonAgainstFunction(value: object): Reason {
  const name: unknown = Object.getOwnPropertyDescriptor(value, 'name')?.value;
  const shown = typeof name === 'string' && name !== '' ? `the function ${name}` : 'a function';
  return {
    what: `${shown} cannot travel here`,
    cure: 'Call it and pass its result, or call it inside the task',
  };
}

const KNOWN: readonly {
  readonly is: (value: object) => boolean;
  readonly cure: string;
  readonly name?: string;
}[] = [
  { is: types.isPromise, cure: 'Await it first' },
  {
    is: (value) => types.isWeakMap(value) || types.isWeakSet(value) || value instanceof WeakRef,
    cure: 'What it holds cannot be listed; pass a Map, a Set or the object itself',
  },
  { is: isIterator, cure: 'Collect it first, for instance with [...values]', name: 'running iterator' },
  {
    is: types.isBoxedPrimitive,
    cure: 'Pass the primitive value itself, for instance value.valueOf()',
    name: 'boxed primitive',
  },
  {
    is: types.isSharedArrayBuffer,
    cure: 'Workers are processes and share no memory; pass a copy of the bytes',
  },
  { is: types.isModuleNamespaceObject, cure: 'Pass the members that are needed', name: 'whole module' },
];

function isIterator(value: object): boolean {
  return 'next' in value && (Symbol.iterator in value || Symbol.asyncIterator in value);
}

/** Whether it gives values one after the other, which may be more than fit in memory. */
function isSequence(value: object): boolean {
  return isIterator(value) || Symbol.asyncIterator in value || 'getReader' in value || 'pipe' in value;
}

const MAKE_INSIDE = 'Make it inside the function, or once a worker with tm.perWorker(() => …)';

const PLATFORM_CURES: Readonly<Record<string, string>> = {
  URLSearchParams: 'Pass its text, String(value), and make it inside the function',
  Headers: 'Pass its entries, [...value], and make it inside the function',
  AbortController: 'Make it inside the function; context.signal there tells that the task is to end',
  AbortSignal: 'Make it inside the function; context.signal there tells that the task is to end',
};

/** Whether the class of a value comes with Node: a global, a member of Intl, or one without a text of its own. */
function isOfPlatform(value: object): boolean {
  const maker: unknown = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(value), 'constructor')?.value;
  if (typeof maker !== 'function') return false;
  if (/\{ \[native code\] \}$/.test(Function.prototype.toString.call(maker))) return true;
  return Object.getOwnPropertyDescriptor(globalThis, maker.name)?.value === maker;
}

// `in` runs no getter. Emitters and streams of Node, web streams, file handles and sockets of all kinds.
function isLive(value: object): boolean {
  const speaks = 'on' in value && 'emit' in value;
  return speaks || 'getReader' in value || 'getWriter' in value || 'fd' in value || 'readyState' in value;
}
