export { type DecodeOptions, decodeValue, isPlainText } from './decode.ts';
export { type EncodedValue, type EncodeOptions, encodeValue } from './encode.ts';
export { encodePlainList } from './encode-list.ts';
export type { ClassOf, Replace, Replacement } from './encode-session.ts';
export type { JsonValue } from './format.ts';
export {
  adoptClass,
  collectClasses,
  type RegisteredClass,
  type Registration,
  registerClass,
  registeredClass,
  registerOwnClass,
  registrationNamed,
} from './registry.ts';
