/**
 * The text of a value, version 1. It is JSON; what JSON cannot say is an object with the key `$`, naming what it is,
 * and mostly `v`, holding it:
 *
 * | text | value |
 * |---|---|
 * | `{"$":"undefined"}` | `undefined`, also as a property or an item |
 * | `{"$":"hole","v":3}` | three holes in a row; in arrays only |
 * | `{"$":"number","v":"-0"}` | `-0`, `NaN`, `Infinity`, `-Infinity` |
 * | `{"$":"bigint","v":"12"}` · `{"$":"symbol","v":"key"}` | `12n` · `Symbol.for('key')` |
 * | `{"$":"Date","v":"2026-01-31T00:00:00.000Z"}` | a Date; `null` for an invalid one |
 * | `{"$":"RegExp","v":["a+","g",0]}` | source, flags, lastIndex |
 * | `{"$":"URL","v":"https://…"}` | a URL |
 * | `{"$":"Map","v":[[key,value]]}` · `{"$":"Set","v":[item]}` | in the order of insertion, which is part of the value |
 * | `{"$":"Float64Array","v":"AAAA…"}` | the bytes, little-endian, in base64; so all typed arrays, DataView, ArrayBuffer, Buffer |
 * | `{"$":"Buffer","v":{"bytes":70000,"sha256":"…"}}` | bytes kept outside the text: the next of the blobs |
 * | `{"$":"Int8Array","v":{"buffer":…,"offset":0,"length":3}}` | a view of an ArrayBuffer that others share |
 * | `{"$":"TypeError","v":{"message":"…","stack":"…"}}` | an error, see `errors.ts` |
 * | `{"$":"null","v":{…}}` | an object without prototype |
 * | `{"$":"Object","v":{…}}` | a plain object that owns a key `$` |
 * | `{"$":"Ref","v":3}` | the same object again: number 3, counting from 0 in the order in which objects begin |
 * | `{"$":"class Point","v":…}` | an instance of a class given to `registerClass`, as its `encode` told it; `"by":…` beside `v` may hold what the layer above says of the class |
 * | `{"$":"@future","v":…}` | what the layer above made of a value, tag `future`, its body as it is; `"blobs":[…]` beside `v` names bytes kept outside |
 *
 * Version 1 carries no mark, so that plain JSON is its own text. Later versions begin with `#` and their number,
 * for instance `#2 `; no JSON text begins so.
 */
export const VALUE_FORMAT = 1;

/** What a text of a later version begins with. */
export const FORMAT_MARK = /^#(\d+)/;

/** Objects and arrays may be nested this deep; the outermost is level 1. Both directions refuse more. */
export const DEPTH_LIMIT = 1_000;

/** A bigint has at most so many digits: to read them takes more than their number. Both directions refuse more. */
export const DIGITS_LIMIT = 1_000_000;

/** Binary parts of this many bytes and more are kept outside the text. */
export const BLOB_BYTES = 65_536;

/** A value that JSON can say. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** Property names of plain objects, and keys of objects that stand for something else. */
export type Properties = Readonly<Record<string, unknown>>;
