import { randomUUID } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { lastLines, showValue } from '../../src/util/index.ts';

describe('showValue', () => {
  it('shows a value on one line', () => {
    expect(showValue('a\nb')).toBe(String.raw`"a\nb"`);
    expect(showValue({ a: [1, 'x'] })).toBe("{ a: [ 1, 'x' ] }");
    expect(showValue(undefined)).toBe('undefined');
  });

  it('reads no more of a text than it shows, in time that does not grow with blanks', () => {
    expect(showValue(`${' '.repeat(5_000_000)}x`)).toBe(`"${' '.repeat(58)}…`);
    expect(showValue({ a: ' '.repeat(500_000) })).toHaveLength(60);
  });

  it('shows no secret, nor a part of one', async () => {
    const token = randomUUID();
    vi.stubEnv('SHOWN_TOKEN', token);
    // The environment is read now and then.
    await expect.poll(() => showValue(`a ${token}`)).toBe('"a [secret SHOWN_TOKEN]"');
    for (const value of [{ token }, `${'x'.repeat(40)}${token}`])
      expect(showValue(value)).not.toContain(token.slice(0, 8));
  });

  it('cuts what is long', () => {
    const shown = showValue('x'.repeat(1000));
    expect(shown).toHaveLength(60);
    expect(shown).toMatch(/^"x+…$/);
  });
});

describe('lastLines', () => {
  it('keeps the end of a text', () => {
    expect(lastLines('a\nb\nc\n\n', 2)).toBe('b\nc');
    expect(lastLines('a', 2)).toBe('a');
  });
});
