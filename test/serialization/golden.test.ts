import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeValue, encodeValue } from '../../src/serialization/index.ts';
import { goldenValues } from './golden-values.ts';
import { sameValue } from './same-value.ts';

interface Stored {
  readonly text: string;
  readonly key: string;
}
const file = readFileSync(new URL('golden/v1.json', import.meta.url), 'utf8');
const golden = JSON.parse(file) as Readonly<Record<string, Stored>>;

describe('what version 1 stored', () => {
  it.each(Object.entries(goldenValues()))('is read, and written alike: %s', (name, value) => {
    const stored = golden[name] ?? { text: 'not stored', key: 'not stored' };
    const { text, key, blobs } = encodeValue(value);
    expect({ text, key }).toEqual(stored);
    expect(sameValue(decodeValue(stored.text, { blobs }), value)).toBe(true);
  });

  it('has a value for every text', () => {
    expect(Object.keys(goldenValues())).toEqual(Object.keys(golden));
  });
});
