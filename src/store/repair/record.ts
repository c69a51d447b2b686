import type { SqlValue } from '../driver.ts';

/** A number of one to nine bytes, and where it ends; undefined for what JavaScript cannot hold, or is cut off. */
export function readVarint(bytes: Buffer, at: number): readonly [value: number, end: number] | undefined {
  let value = 0n;
  for (let index = 0; index < 9; index++) {
    const byte = bytes[at + index];
    if (byte === undefined) return undefined;
    if (index === 8) return inRange((value << 8n) | BigInt(byte), at + 9);
    value = (value << 7n) | BigInt(byte & 0x7f);
    if (byte < 0x80) return inRange(value, at + index + 1);
  }
  return undefined;
}

function inRange(value: bigint, end: number): readonly [number, number] | undefined {
  const signed = BigInt.asIntN(64, value);
  const number = Number(signed);
  return Number.isSafeInteger(number) ? [number, end] : undefined;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The values of a record; undefined where it is none, to the last byte. */
export function readRecord(bytes: Buffer): SqlValue[] | undefined {
  const head = readVarint(bytes, 0);
  if (head === undefined || head[0] > bytes.byteLength || head[0] < 1) return undefined;
  const values: SqlValue[] = [];
  let [at, body] = [head[1], head[0]];
  while (at < head[0]) {
    const type = readVarint(bytes, at);
    if (type === undefined || type[0] < 0) return undefined;
    at = type[1];
    const size = sizeOf(type[0]);
    if (size === undefined || body + size > bytes.byteLength) return undefined;
    const value = readValue(type[0], bytes.subarray(body, body + size));
    if (value === undefined) return undefined;
    values.push(value);
    body += size;
  }
  return at === head[0] && body === bytes.byteLength ? values : undefined;
}

const SIZES = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];

function sizeOf(type: number): number | undefined {
  return type < 12 ? SIZES[type] : Math.floor((type - 12) / 2);
}

function readValue(type: number, bytes: Buffer): SqlValue | undefined {
  if (type === 0) return null;
  if (type === 8 || type === 9) return type - 8;
  if (type === 7) return finite(bytes.readDoubleBE(0));
  if (type === 6) return safe(bytes.readBigInt64BE(0));
  if (type < 6) return bytes.readIntBE(0, bytes.byteLength);
  if (type % 2 === 0) return new Uint8Array(bytes);
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

function safe(value: bigint): number | undefined {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}
