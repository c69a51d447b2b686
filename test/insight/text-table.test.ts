import { describe, expect, it } from 'vitest';
import { TextTable } from '../../src/insight/index.ts';

describe('TextTable', () => {
  it('aligns columns under a header', () => {
    expect(
      new TextTable(['A', 'LONG']).lines([
        ['one', '1'],
        ['three', '2'],
      ]),
    ).toEqual(['A      LONG', 'one    1', 'three  2']);
  });

  it('writes the header once, and lets columns only grow', () => {
    const table = new TextTable(['A', 'B']);
    table.lines([['four', 'x']]);
    expect(table.lines([['a', 'y']])).toEqual(['a     y']);
    expect(table.lines([['sixsix', 'z']])).toEqual(['sixsix  z']);
  });

  it('cuts the widest columns first to fit the width', () => {
    const lines = new TextTable(['STATE', 'TEXT'], 16).lines([['FAILED', 'a very long text indeed']]);
    expect(lines).toEqual(['STATE   TEXT', 'FAILED  a very …']);
  });

  it('never writes more than the width, even where nothing can be cut any more', () => {
    const table = new TextTable(['ABCDEF', 'GHIJKL', 'MNOPQR'], 10);
    for (const line of table.lines([['1', '2', '3']])) expect(line.length).toBeLessThanOrEqual(10);
  });

  it('keeps a cell on its line, whatever it holds', () => {
    expect(new TextTable(['A', 'B']).lines([['a\n\u001b[2Jb', 'c']])[1]).toBe('a b  c');
  });
});
