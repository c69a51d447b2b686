export { type DecodeOptions, decodeValue } from './decode.ts';
export { type EncodedValue, type EncodeOptions, encodeValue } from './encode.ts';
export type { Replacement } from './encode-session.ts';
export type { JsonValue } from './format.ts';
export { registerClass } from './registry.ts';
