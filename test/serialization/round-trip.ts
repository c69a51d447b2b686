import { decodeValue, encodeValue } from '../../src/serialization/index.ts';

/** What comes back of a value after its way through the text. */
export function roundTrip(value: unknown): unknown {
  const { text, blobs } = encodeValue(value);
  return decodeValue(text, { blobs });
}
