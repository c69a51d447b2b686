import { describe, expect, it } from 'vitest';
import { statistics } from '../../src/insight/index.ts';

describe('statistics', () => {
  it('gives count, mean, deviation, median, maximum and total', () => {
    expect(statistics([9, 1, 2, 4])).toEqual({
      count: 4,
      mean: 4,
      deviation: Math.sqrt((25 + 9 + 4) / 3),
      median: 3,
      maximum: 9,
      total: 16,
    });
  });

  it('takes the middle one of an odd number', () => {
    expect(statistics([10, 1, 2])).toMatchObject({ median: 2, maximum: 10 });
  });

  it('knows no deviation of a single value', () => {
    expect(statistics([3])).toEqual({ count: 1, mean: 3, deviation: 0, median: 3, maximum: 3, total: 3 });
  });
});
