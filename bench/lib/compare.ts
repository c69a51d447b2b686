import type { Program } from './program.ts';
import { ofFloor, type Results } from './results.ts';

// Less than this part of what was reached before, each against the SQLite floor of its own run.
const WORSE = 0.7;

export interface Regression {
  readonly program: Program;
  readonly text: string;
}

/** Figures that fell behind those of a former run, in proportion to the floor of each run. */
export function regressions(programs: readonly Program[], now: Results, then: Results): Regression[] {
  return programs.flatMap((program) =>
    program.rows
      .filter(({ floor }) => floor?.startsWith('sqlite.'))
      .flatMap((row) => {
        const [share, before] = [now, then].map(({ figures }) =>
          ofFloor(`${program.name}.${row.key}`, row, { figures, pick: 'best' }),
        );
        if (share === undefined || before === undefined || share >= WORSE * before) return [];
        const percent = Math.round(100 * (1 - share / before));
        const what = `${share.toPrecision(2)} of the floor, ${before.toPrecision(2)} in the committed results`;
        return [
          { program, text: `${program.name}.${row.key} (${row.work}) is ${percent} % slower: ${what}` },
        ];
      }),
  );
}
