import { expect, it } from 'vitest';
import { reviveAppValue } from '../../src/app/index.ts';
import { decodeValue } from '../../src/serialization/index.ts';

it('what is shown of an instance has the keys that were stored, __proto__ too, and no other prototype', () => {
  const by = '{"$":"@Class","v":{"name":"Point","identity":"","text":""}}';
  const text = `{"$":"class Point","v":{"__proto__":{"polluted":true},"constructor":1},"by":${by}}`;
  const instance = decodeValue(text, { revive: reviveAppValue }) as object;
  expect(Object.keys(instance)).toEqual(['__proto__', 'constructor']);
  expect(Reflect.get(instance, 'polluted')).toBeUndefined();
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
  expect(Object.getPrototypeOf(instance).constructor.name).toBe('Point');
});
