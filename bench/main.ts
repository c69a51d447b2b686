// Runs the bench: npm run bench [-- --quick] [--only drain,chain] [--no-peers] [--save] [--profile drain]. See README.md.
import { parseArgs } from 'node:util';
import { PEERS } from './peers/table.ts';
import { preparePeers } from './peers/prepare.ts';
import { type Regression, regressions } from './lib/compare.ts';
import { machineFacts, versionFacts } from './lib/machine.ts';
import { profile } from './lib/profile.ts';
import type { Program } from './lib/program.ts';
import { peerReport, report } from './lib/report.ts';
import { type Kind, measured, readReference, type Results, writeResults } from './lib/results.ts';
import { ProgramFailed, runProgram } from './lib/run-program.ts';
import { writePage } from './lib/write-page.ts';
import { FLOORS, OURS } from './table.ts';

const QUICK_ROUNDS = 3;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    'no-peers': { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
});
const kind: Kind = values.quick ? 'quick' : 'full';
const only = values.only?.split(',');

if (values.profile === undefined) await main();
else await profile(find(OURS, values.profile));

async function main(): Promise<void> {
  if (values.save && only !== undefined) throw new Error('--save is for whole runs: leave out --only.');
  for (const name of only ?? []) find([...FLOORS, ...OURS, ...PEERS], name);
  const peers = values.quick || values['no-peers'] ? [] : wanted(PEERS);
  const ours = wanted(OURS);
  const start = { date: new Date().toISOString().slice(0, 10), machine: machineFacts() };
  const missing: Record<string, string> = peers.length > 0 ? await preparePeers(peers) : {};
  const figures = new Map<string, number[]>();
  await runAll([...FLOORS, ...ours, ...peers], { figures, missing });
  const facts = { kind, ...start, versions: await versionFacts(), missing };
  let results: Results = { ...facts, figures: summed(figures) };
  let worse = compared(results);
  if (worse.length > 0) {
    console.error('\nOnce more, to be sure:');
    for (const { program } of worse)
      for (const { key } of program.rows) figures.delete(`${program.name}.${key}`);
    const again = new Set(worse.map(({ program }) => program));
    await runAll([...FLOORS, ...again], { figures, missing });
    results = { ...facts, figures: summed(figures) };
    worse = compared(results);
  }
  const text = tables(results, { ours, peers });
  console.log(`${values.quick ? 'A quick run: fewer tasks than the lines say.\n' : ''}\n${text}`);
  if (values.save && !values.quick) writePage(text);
  console.log(`\nWritten: ${writeResults(results, { save: values.save })}`);
  for (const { text } of worse) console.log(`REGRESSION: ${text}`);
  const failed = ours.some(({ name }) => name in missing);
  if (worse.length > 0 || failed) process.exitCode = 1;
}

function find(programs: readonly Program[], name: string): Program {
  const program = programs.find((one) => one.name === name);
  if (program !== undefined) return program;
  throw new Error(`There is no ${name}. There are: ${programs.map((one) => one.name).join(', ')}.`);
}

function wanted(programs: readonly Program[]): readonly Program[] {
  return programs.filter(
    ({ name, quick }) => (only?.includes(name) ?? true) && (!values.quick || quick !== undefined),
  );
}

/** One after the other, in rounds, so that what else the machine does meets all of them. */
async function runAll(
  programs: readonly Program[],
  { figures, missing }: { readonly figures: Map<string, number[]>; readonly missing: Record<string, string> },
): Promise<void> {
  const roundsOf = (program: Program) =>
    values.quick ? Math.min(QUICK_ROUNDS, program.rounds) : program.rounds;
  const rounds = Math.max(...programs.map(roundsOf));
  for (let round = 0; round < rounds; round++) {
    for (const program of programs) {
      if (round >= roundsOf(program) || program.name in missing) continue;
      process.stderr.write(`\rround ${round + 1} of ${rounds}: ${program.name.padEnd(30)}`);
      try {
        const word = values.quick ? (program.quick ?? program.full) : program.full;
        const printed = await runProgram(program, word);
        for (const [key, value] of Object.entries(printed)) {
          const id = `${program.name}.${key}`;
          figures.set(id, [...(figures.get(id) ?? []), value]);
        }
      } catch (error) {
        if (!(error instanceof ProgramFailed)) throw error;
        console.error(`\n${error.message}`);
        missing[program.name] = error.message.split('\n')[0] ?? '';
      }
    }
  }
  process.stderr.write('\n');
}

function summed(figures: ReadonlyMap<string, readonly number[]>): Results['figures'] {
  const rows = [...FLOORS, ...OURS, ...PEERS].flatMap(({ name, rows }) =>
    rows.map(({ key, unit }) => ({ id: `${name}.${key}`, unit })),
  );
  return Object.fromEntries(
    rows.flatMap(({ id, unit }) => {
      const all = figures.get(id);
      return all === undefined ? [] : [[id, measured(unit, all)]];
    }),
  );
}

function compared(results: Results): Regression[] {
  const reference = readReference(kind);
  return reference === undefined || values.save ? [] : regressions(wanted(OURS), results, reference);
}

/** The figures as tables. */
function tables(
  results: Results,
  { ours, peers }: { readonly ours: readonly Program[]; readonly peers: readonly Program[] },
): string {
  const { date, machine, versions } = results;
  const facts = [{ date, ...machine }, versions].map((all) =>
    Object.entries(all)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
  );
  return [
    `${facts.join('; ')}.`,
    report(FLOORS, results, []),
    report(ours, results, peers),
    ...(peers.length > 0 ? [peerReport(peers, results)] : []),
  ].join('\n\n');
}
