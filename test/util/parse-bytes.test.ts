import { describe, expect, it } from 'vitest';
import { parseBytes } from '../../src/util/index.ts';

describe('parseBytes', () => {
  it.each([
    [1024, 1024],
    [0, 0],
    ['16 GB', 16_000_000_000],
    ['16GB', 16_000_000_000],
    ['1.5 GiB', 1_610_612_736],
    ['512 MiB', 536_870_912],
    ['3 kB', 3_000],
    ['3 KiB', 3_072],
    ['2 TB', 2_000_000_000_000],
    [' 1 tib ', 1_099_511_627_776],
    ['100', 100],
    ['100 B', 100],
  ])('reads %j as %d bytes', (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  });

  it.each(['16G', '', 'GB', '-1 GB', '1e3', '1 XB', -5, 1.5, Number.NaN, Infinity])('refuses %j', (value) => {
    expect(() => parseBytes(value, 'app.memory')).toThrow(
      expect.objectContaining({
        code: 'OPTION_INVALID',
        message: expect.stringMatching(/^app\.memory must be a number of bytes or text like "16 GB"/),
      }),
    );
  });
});
