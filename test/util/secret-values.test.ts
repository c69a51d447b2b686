import { describe, expect, it } from 'vitest';
import { SecretValues } from '../../src/util/index.ts';

describe('SecretValues', () => {
  it('masks values of variables that are named like secrets, wherever they stand', () => {
    const values = SecretValues.of({ API_KEY: 'abcdefgh', PLAIN: 'in the open' });
    expect(values.mask('-abcdefgh-abcdefgh in the open')).toBe(
      '-[secret API_KEY]-[secret API_KEY] in the open',
    );
    expect(values.nameIn('xabcdefghx')).toBe('API_KEY');
    expect(values.nameIn('abcdefg')).toBeUndefined();
  });

  it('finds them as JSON and URLs write them', () => {
    const value = 'a"b\\c\nd/e é';
    const values = SecretValues.of({ API_KEY: value });
    for (const text of [value, JSON.stringify([value]), `?q=${encodeURIComponent(value)}`]) {
      expect(values.nameIn(text)).toBe('API_KEY');
      expect(values.mask(text)).toContain('[secret API_KEY]');
      expect(values.mask(text)).not.toMatch(/a(%22|\\?")b/);
    }
  });

  it('masks the longest first, so that nothing of one is left', () => {
    const values = SecretValues.of({ A_KEY: '12345678', B_KEY: '1234567890' });
    expect(values.mask('12345678 1234567890')).toBe('[secret A_KEY] [secret B_KEY]');
  });

  it('masks single lines of a secret that has several', () => {
    const key = ['-----BEGIN KEY-----', 'MIIEvQIBADANBgkqhkiG9w0BAQ', 'short', '-----END KEY-----'];
    const values = SecretValues.of({ SSH_KEY: key.join('\n') });
    expect(values.mask(`1: ${key[1]}\n2: ${key[2]}`)).toBe('1: [secret SSH_KEY]\n2: short');
    expect(values.nameIn('-----BEGIN KEY-----')).toBeUndefined();
  });

  it('leaves short values alone, which stand everywhere, unless they were declared', () => {
    const variables = { A_KEY: 'default', PIN: '1234', DOOR: '12' };
    const values = SecretValues.of(variables);
    expect(values.mask('default 1234')).toBe('default 1234');
    values.add(variables, new Set(['PIN', 'DOOR']));
    expect(values.mask('default 1234 12')).toBe('default [secret PIN] 12');
  });

  it('covers bytes in their place', () => {
    const values = SecretValues.of({ A_KEY: '****pass', B_KEY: 'é-abcdefgh' });
    const bytes = Buffer.from('1 ****pass****pass é-abcdefgh 2');
    expect(values.cover(bytes)).toBe(true);
    expect(bytes.toString()).toBe(`1 ${'*'.repeat(16)} ${'*'.repeat(11)} 2`);
    expect(values.cover(bytes)).toBe(false);
  });

  it('leaves a JSON document one, whatever the variable is called', () => {
    const values = SecretValues.of({ '"]}KEY': 'abcdefgh' });
    expect(JSON.parse(values.mask('["abcdefgh"]'))).toEqual(['[secret ???KEY]']);
  });
});
