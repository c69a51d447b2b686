import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lookInProc, lookWithPs, readStat } from '../../src/util/process-table.ts';

const AFTER_NAME = '1 2 3 0 -1 4194560 5 6 7 8 9 10 11 12 20 0 1 0 123456 999 77';

describe('readStat', () => {
  it.each(['node', 'my tool', 'a) S 1 (b', 'x)'])('reads the start time of a process named %j', (name) => {
    expect(readStat(`42 (${name}) S ${AFTER_NAME}\n`)).toEqual({ state: 'running', startTime: '123456' });
  });

  it.each(['Z', 'X'])('takes state %s for gone', (state) => {
    expect(readStat(`42 (node) ${state} ${AFTER_NAME}\n`)).toEqual({ state: 'gone' });
  });

  it('claims nothing of a text it cannot read', () => {
    expect(readStat('')).toEqual({ state: 'unseen' });
  });
});

describe('lookInProc', () => {
  it('does not take a living process for gone where /proc hides it', () => {
    const empty = mkdtempSync(join(tmpdir(), 'tspipe-'));
    expect(lookInProc(process.pid, empty)).toEqual({ state: 'unseen' });
    expect(lookInProc(2 ** 22 + 1, empty)).toEqual({ state: 'gone' });
    rmSync(empty, { recursive: true });
  });
});

describe.runIf(existsSync('/bin/ps'))('lookWithPs', () => {
  it('sees this process, always with the same start time', () => {
    const seen = lookWithPs(process.pid);
    expect(seen).toEqual({ state: 'running', startTime: expect.stringMatching(/\d\d:\d\d:\d\d/) });
    expect(lookWithPs(process.pid)).toEqual(seen);
  });

  it('sees that a process is gone', () => {
    expect(lookWithPs(2 ** 22 + 1)).toEqual({ state: 'gone' });
  });
});
