import { isDeepStrictEqual, types } from 'node:util';
import { PipeError } from '../errors.ts';
import type { Properties } from './format.ts';
import type { Kind, Sink, Source } from './kind.ts';
import { expectCount, malformed } from './malformed.ts';
import { assertNoExtras, extraProperty } from './own-keys.ts';
import { builtinConstructor } from './realm.ts';
import { reasonAgainst, refusal } from './refusal.ts';

/** Every class whose values are a stretch of bytes, besides ArrayBuffer. */
export const VIEW_NAMES = [
  ...['Buffer', 'DataView', 'Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array'],
  ...['Int32Array', 'Uint32Array', 'Float16Array', 'Float32Array', 'Float64Array'],
  ...['BigInt64Array', 'BigUint64Array'],
] as const;

export const arrayBufferKind: Kind<ArrayBuffer> = {
  is: types.isArrayBuffer,
  write(value, sink) {
    assertNoExtras(value, sink.trail);
    assertSteady(value, sink);
    sink.memory.note(value);
    sink.bytes(value);
  },
  read: (body, source) => source.bytes(body),
};

/** A view travels with the bytes it covers, not with the rest of its buffer, unless it shares them. */
export function viewKind(name: string): Kind<ArrayBufferView> {
  const brand = name === 'Buffer' ? 'Uint8Array' : name;
  return {
    is: (value): value is ArrayBufferView => ArrayBuffer.isView(value) && brandOf(value) === brand,
    write: writeView,
    read: (body, source) => readView(name, body, source),
  };
}

function brandOf(view: ArrayBufferView): string {
  return types.isTypedArray(view) ? view[Symbol.toStringTag] : 'DataView';
}

function writeView(value: ArrayBufferView, sink: Sink): void {
  assertSteady(value.buffer, sink);
  if (!ownsBytesOnly(value)) throw extraProperty(sink.trail);
  sink.memory.note(value);
  const window = sink.memory.windowOf(value);
  if (window === undefined) {
    sink.bytes(value);
    return;
  }
  sink.put('{"buffer":');
  sink.child('buffer', window.buffer);
  sink.put(`,"offset":${window.offset},"length":${lengthOf(value)}}`);
}

function assertSteady(buffer: ArrayBufferLike, sink: Sink): void {
  if (!types.isArrayBuffer(buffer)) throw refusal(sink.trail, reasonAgainst(buffer));
  const state = buffer.detached ? 'detached' : buffer.resizable ? 'resizable' : undefined;
  if (state === undefined) return;
  throw refusal(sink.trail, {
    what: `a ${state} ArrayBuffer cannot travel to a worker`,
    cure: state === 'detached' ? 'Pass it before its transfer' : 'Pass a copy, for instance value.slice()',
  });
}

function lengthOf(view: ArrayBufferView): number {
  return types.isTypedArray(view) ? view.length : view.byteLength;
}

// All own keys of a long array take seconds; a comparison with a bare view of the same bytes 0.1 ms for 10 MB.
function ownsBytesOnly(view: ArrayBufferView): boolean {
  const items = types.isTypedArray(view) ? view.length : 0;
  if (items <= 64) return Reflect.ownKeys(view).length === items;
  return isDeepStrictEqual(view, bareView(view));
}

function bareView(view: ArrayBufferView): ArrayBufferView {
  if (Buffer.isBuffer(view)) return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
  const maker: new (...args: readonly unknown[]) => ArrayBufferView = Object.getPrototypeOf(view).constructor;
  return new maker(view.buffer, view.byteOffset, lengthOf(view));
}

function readView(name: string, body: unknown, source: Source): ArrayBufferView {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, 'buffer')) {
    return makeView(name, [source.bytes(body)]);
  }
  const { buffer, offset, length }: Properties = { ...body };
  const memory = source.child(buffer);
  if (!types.isArrayBuffer(memory)) throw malformed(`A stored ${name} has no ArrayBuffer.`);
  return makeView(name, [memory, expectCount(offset, name), expectCount(length, name)]);
}

function makeView(name: string, [buffer, ...range]: readonly [ArrayBuffer, ...number[]]): ArrayBufferView {
  try {
    if (name === 'Buffer') return Buffer.from(buffer, ...range);
    const maker = builtinConstructor(name);
    if (maker !== undefined) return new maker(buffer, ...range) as ArrayBufferView;
  } catch (cause) {
    throw malformed(`The bytes of a stored ${name} do not fit it.`, cause);
  }
  throw new PipeError('VALUE_CLASS_UNKNOWN', `This Node has no ${name}. Use the Node that stored the value.`);
}
