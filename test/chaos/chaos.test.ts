import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { endAll, runRound } from './round.ts';

// Three rounds take about a minute on two cores; `npm run chaos` goes on as long as it is told to.
const SEEDS = [1, 2, 3];

describe.skipIf(process.platform !== 'linux')('a random graph under random troubles', () => {
  for (const seed of SEEDS) {
    it(`ends every task once, truly, and leaves no process (seed ${seed})`, {
      timeout: 600_000,
    }, async () => {
      // Kept where something is wrong.
      const folder = mkdtempSync(join(tmpdir(), 'tspipe-chaos-'));
      const { faults, runs } = await runRound({ seed, tasks: 150, troubles: 18, folder });
      endAll(folder);
      expect(faults, `seed ${seed}, folder ${folder}`).toEqual([]);
      expect(runs).toBeGreaterThan(100);
      rmSync(folder, { recursive: true });
    });
  }
});
