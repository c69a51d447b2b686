import { describe, expect, it } from 'vitest';
import { showSeconds } from '../../src/insight/index.ts';

describe('showSeconds', () => {
  it.each([
    [null, ''],
    [0, '0 ms'],
    [0.003217, '3.22 ms'],
    [0.9999, '1 s'],
    [1.2345, '1.23 s'],
    [59.96, '1 min 0 s'],
    [125, '2 min 5 s'],
    [3599.9, '1 h 0 min'],
    [12_000, '3 h 20 min'],
  ])('shows %s as %j', (seconds, text) => {
    expect(showSeconds(seconds)).toBe(text);
  });
});
