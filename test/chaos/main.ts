// npm run chaos -- --minutes 10 --seed N: rounds of random graphs under random troubles, until the time is over. A round
// that finds a fault prints its seed and keeps its folder.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endAll, runRound } from './round.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    tasks: { type: 'string', default: '300' },
    troubles: { type: 'string', default: '35' },
  },
});

const end = performance.now() + Number(values.minutes) * 60_000;
const [tasks, troubles] = [Number(values.tasks), Number(values.troubles)];
const total = { rounds: 0, runs: 0, troubles: 0, points: 0 };

for (let seed = Number(values.seed); performance.now() < end && process.exitCode === undefined; seed++) {
  const folder = mkdtempSync(join(tmpdir(), 'tspipe-chaos-'));
  const begun = performance.now();
  const result = await runRound({ seed, tasks, troubles, folder });
  const after = `after ${((performance.now() - begun) / 1000).toFixed(1)} s`;
  endAll(folder);
  if (result.faults.length > 0) {
    console.error(`seed ${seed} ${after}, folder ${folder}:\n  ${result.faults.join('\n  ')}`);
    process.exitCode = 1;
  } else {
    total.rounds++;
    total.runs += result.runs;
    total.troubles += sum(result.troubles);
    total.points += sum(result.points);
    console.log(`seed ${seed} clean ${after}: ${JSON.stringify({ ...result.troubles, ...result.points })}`);
    rmSync(folder, { recursive: true });
  }
}
console.log(
  `clean: ${total.rounds} rounds of ${tasks} tasks, ${total.runs} runs of tasks, ${total.troubles} troubles from outside, ` +
    `${total.points} processes killed or stopped at a point of the code`,
);

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((a, b) => a + b, 0);
}
