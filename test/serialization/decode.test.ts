import { describe, expect, it } from 'vitest';
import { decodeValue, encodeValue } from '../../src/serialization/index.ts';

const malformed = [
  '',
  '{',
  'undefined',
  '[1,]',
  '{"$":1}',
  '{"$":"Unknown","v":1}',
  '{"$":"Map","v":{}}',
  '{"$":"Map","v":[1]}',
  '{"$":"Map","v":[[1]]}',
  '{"$":"Set"}',
  '{"$":"Set","v":[],"w":1}',
  '{"$":"Ref","v":0}',
  '[{"$":"Ref","v":7}]',
  '[{"$":"Ref","v":-1}]',
  '{"$":"number","v":"1"}',
  '{"$":"bigint","v":"0x10"}',
  '{"$":"symbol","v":1}',
  '{"$":"undefined","v":1}',
  '{"$":"hole","v":1}',
  '[{"$":"hole","v":-1}]',
  '[{"$":"hole","v":4294967295},1,{"$":"hole","v":1}]',
  `{"$":"bigint","v":"${'1'.repeat(1_000_001)}"}`,
  '{"$":"Date","v":"tomorrow"}',
  '{"$":"Date","v":5}',
  '{"$":"URL","v":"no url"}',
  '{"$":"RegExp","v":["(","",0]}',
  '{"$":"RegExp","v":["a","q",0]}',
  '{"$":"RegExp","v":["a","",-1]}',
  '{"$":"Buffer","v":"*"}',
  '{"$":"Buffer","v":{"bytes":3,"sha256":"x"}}',
  '{"$":"Float64Array","v":"AAAA"}',
  '{"$":"Uint8Array","v":{"buffer":1,"offset":0,"length":1}}',
  '{"$":"Uint8Array","v":{"buffer":{"$":"ArrayBuffer","v":"AAAA"},"offset":2,"length":9}}',
  '{"$":"Error","v":{"other":1}}',
  '{"$":"Error","v":1}',
  '{"$":"null","v":[]}',
  '{"\\u0024":"Unknown"}',
];

describe('decodeValue', () => {
  it.each(malformed.map((text) => [text.slice(0, 100), text]))('refuses %s', (_shown, text) => {
    expect(() => decodeValue(text)).toThrow(expect.objectContaining({ code: 'VALUE_MALFORMED' }));
  });

  it('refuses the text of a newer version', () => {
    expect(() => decodeValue('#2 [1]')).toThrow(
      expect.objectContaining({ code: 'VALUE_FORMAT_NEWER', message: expect.stringContaining('format 2') }),
    );
  });

  it.each([
    ['[', ']'],
    ['{"a":', '}'],
    ['{"$":"Set","v":[', ']}'],
  ])('refuses %s 100,000 deep', (open, close) => {
    expect(() => decodeValue(`${open.repeat(100_000)}1${close.repeat(100_000)}`)).toThrow(
      expect.objectContaining({ code: 'VALUE_TOO_DEEP' }),
    );
  });

  it('says so when the stack of its caller has no room left', () => {
    const { text } = encodeValue(JSON.parse('['.repeat(900) + ']'.repeat(900)) as unknown);
    const deep = `[{"$":"undefined"},${text}]`;
    const codes = new Set<unknown>();
    const dive = (): void => {
      try {
        dive();
      } catch {
        // On the way back from the end of the stack there is not even room for the error at first.
        if (!codes.has('VALUE_TOO_DEEP')) codes.add(codeOf(() => decodeValue(deep)));
        throw new Error('up');
      }
    };
    expect(dive).toThrow('up');
    expect(codes).toEqual(new Set([undefined, 'VALUE_TOO_DEEP']));
  });

  it('makes keys like __proto__ own properties and leaves prototypes alone', () => {
    const back = decodeValue(
      '[{"__proto__":{"polluted":{"$":"undefined"}}},{"$":"Error","v":{"own":{"__proto__":1}}}]',
    ) as object[];
    for (const object of back) expect(Object.hasOwn(object, '__proto__')).toBe(true);
    expect(Object.getPrototypeOf(back[0])).toBe(Object.prototype);
    expect('polluted' in {}).toBe(false);
  });

  it('gives every call a copy of its own', () => {
    const text = '[{"a":{"$":"Date","v":null}}]';
    expect(decodeValue(text)).not.toBe(decodeValue(text));
  });
});

function codeOf(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return Reflect.get(Object(error), 'code');
  }
}
