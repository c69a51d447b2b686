// Writes the table of docs/functions.md: what becomes of each function of test/capture/fixtures when its script is
// started in each of the usual ways. node scripts/functions-table.ts [--check] 22=PATH 26=PATH, with the paths of two
// more Nodes; --check compares the page instead, and ends with exit code 1 where it is not true.
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { whyOther, whyRefused } from '../test/capture/explained.ts';
import { captureWith, type Outcome, type Runner } from '../test/capture/runners.ts';

const PAGE = join(import.meta.dirname, '../docs/functions.md');
const [BEGIN, END] = ['<!-- table -->', '<!-- end of table -->'];

interface Column {
  readonly title: string;
  readonly runner: Runner;
  /** Another Node than this one. */
  readonly node?: string | undefined;
}

interface Part {
  readonly title: string;
  readonly script: string;
  readonly runners: readonly Runner[];
  /** Of decorators. */
  readonly isStandard?: boolean;
}

const MODULES = ['node', 'tsx-esm', 'tsc-esm', 'vitest'] as const;
const COMPILERS = ['tsx-esm', 'tsx-cjs', 'tsc-esm', 'tsc-cjs', 'vitest'] as const;
const ANY = [...COMPILERS, 'node', 'eval-esm', 'eval-cjs', 'repl'] as const;
const PARTS: readonly Part[] = [
  { title: 'any script', script: 'script.ts', runners: ANY },
  { title: 'ES modules', script: 'script-esm.ts', runners: MODULES },
  { title: 'syntax that needs a compiler', script: 'compiled.ts', runners: COMPILERS },
  { title: 'decorators, experimental', script: 'decorated.ts', runners: COMPILERS },
  {
    title: 'decorators, standard',
    script: 'decorated.ts',
    // vite leaves them as they are, and Node does not read them.
    runners: COMPILERS.filter((runner) => runner !== 'vitest'),
    isStandard: true,
  },
];

function columns(nodes: Readonly<Record<string, string>>): readonly Column[] {
  return [
    { title: 'Node 22', runner: 'node', node: nodes['22'] },
    { title: 'Node 24', runner: 'node' },
    { title: 'Node 26', runner: 'node', node: nodes['26'] },
    { title: 'tsx, ESM', runner: 'tsx-esm' },
    { title: 'tsx, CJS', runner: 'tsx-cjs' },
    { title: 'tsc, ESM', runner: 'tsc-esm' },
    { title: 'tsc, CJS', runner: 'tsc-cjs' },
    { title: 'vitest', runner: 'vitest' },
    { title: '-e, ESM', runner: 'eval-esm' },
    { title: '-e, CJS', runner: 'eval-cjs' },
    { title: 'prompt', runner: 'repl' },
  ];
}

/** What came of a part in a column; this script runs itself under another Node. */
async function outcome({ script, isStandard }: Part, { runner, node }: Column): Promise<Outcome> {
  const experimentalDecorators = isStandard !== true;
  if (node === undefined) return await captureWith(runner, script, { experimentalDecorators });
  const words = [import.meta.filename, '--column', runner, script];
  const options = { maxBuffer: 2 ** 28 };
  const { stdout } = await promisify(execFile)(node, words, options);
  return JSON.parse(stdout) as Outcome;
}

/** Footnotes in the order in which they are needed. */
const notes: string[] = [];

function note(text: string): string {
  if (!notes.includes(text)) notes.push(text);
  return `[${notes.indexOf(text) + 1}]`;
}

const problems: string[] = [];

async function rowsOf(part: Part, all: readonly Column[]): Promise<readonly string[]> {
  const outcomes = new Map<Column, Outcome>();
  for (const column of all)
    if (part.runners.includes(column.runner)) outcomes.set(column, await outcome(part, column));
  const [first] = outcomes.values();
  if (first === undefined) throw new Error(`${part.title} has no column`);
  return first.captured.map(({ name, identity }, index) => {
    const cells = all.map((column) => {
      const found = outcomes.get(column);
      return found === undefined ? '' : cell(part, column, { found, index, name, identity });
    });
    return `| ${[name.replaceAll('|', '\\|'), ...cells].join(' | ')} |`;
  });
}

function cell(
  { title, isStandard }: Part,
  { title: column, runner }: Column,
  row: { found: Outcome; index: number; name: string; identity: string | undefined },
): string {
  const { found, index, name, identity } = row;
  const captured = found.captured[index];
  const rebuilt = found.rebuilt[index];
  const place = `${title}, ${name}, ${column}`;
  const refused = whyRefused(name, runner);
  if (refused !== undefined) {
    if (captured?.error === undefined) problems.push(`${place}: it is not refused`);
    return `✗ ${note(refused)}`;
  }
  if (captured?.expected === undefined || rebuilt?.result !== captured.expected) {
    problems.push(`${place}: ${captured?.error ?? rebuilt?.error ?? `it gave ${rebuilt?.result}`}`);
    return '✗';
  }
  if (captured.identity === identity) return '✓';
  const other = whyOther(name, runner, isStandard);
  if (other === undefined) problems.push(`${place}: it has another identity`);
  return `✓ ${note(other ?? '')}`;
}

async function table(nodes: Readonly<Record<string, string>>): Promise<string> {
  const all = columns(nodes);
  const head = ['function', ...all.map(({ title }) => title)];
  const parts: string[] = [];
  for (const part of PARTS)
    parts.push(`| **${part.title}** |${' |'.repeat(all.length)}`, ...(await rowsOf(part, all)));
  const lines = [`| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`, ...parts];
  const explained = notes.map((text, index) => `${index + 1}. ${text}`);
  return `\n${lines.join('\n')}\n\n${explained.join('\n')}\n\n`;
}

/** The page with this table, as the formatter has it. */
function pageWith(text: string): string {
  const page = readFileSync(PAGE, 'utf8');
  const [before = '', rest = ''] = page.split(BEGIN);
  const after = rest.split(END)[1] ?? '';
  const biome = join(import.meta.dirname, '../node_modules/.bin/biome');
  const whole = `${before}${BEGIN}\n${text}${END}${after}`;
  return execFileSync(biome, ['format', '--stdin-file-path', PAGE], { input: whole, encoding: 'utf8' });
}

const [first, ...words] = process.argv.slice(2);
if (first === '--column') {
  const [runner, script = ''] = words;
  process.stdout.write(JSON.stringify(await captureWith(runner as Runner, script)));
} else {
  const isCheck = first === '--check';
  const nodes = (isCheck ? words : process.argv.slice(2)).map((word) => word.split('=') as [string, string]);
  const page = pageWith(await table(Object.fromEntries(nodes)));
  for (const problem of problems) console.error(problem);
  const isOld = isCheck && page !== readFileSync(PAGE, 'utf8');
  if (isOld)
    console.error('docs/functions.md is not what its table would be now: node scripts/functions-table.ts');
  if (!isCheck) writeFileSync(PAGE, page);
  if (isOld || problems.length > 0) process.exitCode = 1;
}
