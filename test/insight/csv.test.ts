import { describe, expect, it } from 'vitest';
import { csvLine } from '../../src/insight/index.ts';

describe('csvLine', () => {
  it('writes numbers and texts as they are, and nothing for nothing', () => {
    expect(csvLine([1.5, -0, Number.NaN, 'a b', null, undefined, true])).toBe('1.5,-0,NaN,a b,,,true\n');
  });

  it('quotes what would end a cell', () => {
    expect(csvLine(['a,b', 'say "x"', 'two\nlines'])).toBe('"a,b","say ""x""","two\nlines"\n');
  });

  it('writes all else as JSON', () => {
    expect(csvLine([{ a: [1, 2] }, new Date(0)])).toBe('"{""a"":[1,2]}",1970-01-01T00:00:00.000Z\n');
  });
});
