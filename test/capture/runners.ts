import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../..', import.meta.url));
const fixtures = join(repository, 'test/capture/fixtures');

/** The ways in which users start scripts. */
export const RUNNERS = [
  'node',
  'tsx-esm',
  'tsx-cjs',
  'tsc-esm',
  'tsc-cjs',
  'vitest',
  'eval-esm',
  'eval-cjs',
  'repl',
] as const;
const COMPILED_ONLY: readonly string[] = ['eval-esm', 'eval-cjs', 'repl'];
export type Runner = (typeof RUNNERS)[number];

export interface CapturedRow {
  readonly name: string;
  readonly expected?: string;
  readonly identity?: string;
  readonly text?: string;
  readonly error?: string;
}
interface RebuiltRow {
  readonly name: string;
  readonly result?: string;
  readonly error?: string;
}
export interface Outcome {
  /** The folder in which the script ran, as `realpath` gives it. */
  readonly folder: string;
  readonly captured: readonly CapturedRow[];
  readonly rebuilt: readonly RebuiltRow[];
}

/** Runs a script of the fixtures in one way, and in a fresh process what it captured. */
export function captureWith(runner: Runner, script: string, options: CompilerOptions = {}): Promise<Outcome> {
  return inFolder(runner, async (folder) => {
    await writeFile(join(folder, 'tsconfig.json'), compilerOptions(script, options));
    const captured = await start(runner, folder, script);
    // A worker has the working directory of the script, where one without a file finds its modules.
    const cwd = COMPILED_ONLY.includes(runner) ? join(folder, 'out') : folder;
    await node(cwd, [
      join(fixtures, 'rebuild.ts'),
      join(folder, 'report.json'),
      join(folder, 'rebuilt.json'),
    ]);
    const rebuilt = JSON.parse(await readFile(join(folder, 'rebuilt.json'), 'utf8')) as RebuiltRow[];
    return { folder, captured, rebuilt };
  });
}

/** A change of a file of the fixtures. */
export interface Edit {
  readonly file: string;
  readonly change: (text: string) => string;
}

/** What a script captures as it is, and after each of the edits alone, always at the same place. */
export function captureEdited(
  runner: Runner,
  script: string,
  edits: readonly Edit[],
): Promise<readonly (readonly CapturedRow[])[]> {
  return inFolder(runner, async (folder) => {
    await writeFile(join(folder, 'tsconfig.json'), compilerOptions(script, {}));
    const results = [await start(runner, folder, script)];
    for (const { file, change } of edits) {
      await rewrite(join(folder, file), change);
      results.push(await start(runner, folder, script));
      await cp(join(fixtures, file), join(folder, file));
    }
    return results;
  });
}

/** What the output of tsc captures; with the original edited since, and compiled again. */
export function captureStale(
  script: string,
  change: Edit['change'],
): Promise<readonly (readonly CapturedRow[])[]> {
  return inFolder('tsc-esm', async (folder) => {
    await writeFile(join(folder, 'tsconfig.json'), compilerOptions(script, {}));
    const compiled = await start('tsc-esm', folder, script);
    await rewrite(join(folder, script), change);
    await node(folder, [join('out', script.replace(/ts$/, 'js'))]);
    const stale = await reported(folder);
    return [compiled, stale, await start('tsc-esm', folder, script)];
  });
}

/** What a script captures in plain Node after `compile` has turned it into JavaScript. */
export function captureCompiled(
  script: string,
  compile: (text: string) => Promise<string>,
): Promise<readonly CapturedRow[]> {
  return inFolder('node', async (folder) => {
    const compiled = script.replace(/ts$/, 'js');
    await writeFile(join(folder, compiled), await compile(await readFile(join(folder, script), 'utf8')));
    await node(folder, [compiled]);
    return reported(folder);
  });
}

async function inFolder<Result>(runner: Runner, act: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'tspipe-capture-'));
  try {
    await prepare(runner, folder);
    return await act(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function prepare(runner: Runner, folder: string): Promise<void> {
  await cp(fixtures, folder, { recursive: true });
  await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'));
  // Lines at the prompt are CommonJS.
  const type = runner.endsWith('cjs') || runner === 'repl' ? 'commonjs' : 'module';
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type }));
}

async function start(runner: Runner, folder: string, script: string): Promise<readonly CapturedRow[]> {
  if (runner === 'node') await node(folder, [script]);
  else if (runner === 'tsx-esm' || runner === 'tsx-cjs')
    await node(folder, [tool('tsx/dist/cli.mjs'), script]);
  else if (runner === 'vitest') await startVitest(folder, script);
  else await startCompiled(runner, folder, script);
  return reported(folder);
}

async function reported(folder: string): Promise<readonly CapturedRow[]> {
  return JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as CapturedRow[];
}

async function startCompiled(runner: Runner, folder: string, script: string): Promise<void> {
  await node(folder, [tool('typescript/bin/tsc'), '-p', '.']);
  const out = join(folder, 'out');
  await cp(join(folder, 'own/data.json'), join(out, 'own/data.json'));
  const compiled = script.replace(/ts$/, 'js');
  const text = `${await readFile(join(out, compiled), 'utf8')}\n`;
  if (runner === 'eval-esm') await node(out, ['--input-type=module', '-e', text]);
  else if (runner === 'eval-cjs') await node(out, ['-e', text]);
  else if (runner === 'repl') await typeInto(out, text);
  else await node(folder, [join('out', compiled)]);
}

/** At the prompt, which would end with its input and not wait for the report. */
async function typeInto(folder: string, text: string): Promise<void> {
  const exits = text.replace(
    /^\(0, report_ts_1.*?\(define_ts_1.cases\)/m,
    '$&.finally(() => process.exit())',
  );
  const typed = `var exports = {};\n${exits}`;
  await writeFile(join(folder, 'typed.js'), typed);
  await node(folder, ['-i'], '.load typed.js\n');
}

// The script becomes a test file: it is what vitest starts.
async function startVitest(folder: string, script: string): Promise<void> {
  const original = await readFile(join(folder, script), 'utf8');
  await rewrite(join(folder, script), (text) =>
    text.replace(
      /^(await )?report\(cases\).*/ms,
      "import { it } from 'vitest';\nit('reports', () => report(cases), 60_000);\n",
    ),
  );
  await writeFile(join(folder, 'vitest.config.mjs'), `export default { test: { include: ['${script}'] } };`);
  await node(folder, [tool('vitest/vitest.mjs'), 'run', '--root', '.']);
  await writeFile(join(folder, script), original);
}

async function rewrite(file: string, edit: (text: string) => string): Promise<void> {
  await writeFile(file, edit(await readFile(file, 'utf8')));
}

/** What of the compiler's options matters here. */
export interface CompilerOptions {
  readonly experimentalDecorators?: boolean;
}

function compilerOptions(script: string, options: CompilerOptions): string {
  return JSON.stringify({
    compilerOptions: {
      target: 'es2022',
      module: 'nodenext',
      types: ['node'],
      skipLibCheck: true,
      noCheck: true,
      sourceMap: true,
      outDir: 'out',
      rootDir: '.',
      resolveJsonModule: true,
      rewriteRelativeImportExtensions: true,
      ...options,
    },
    files: [script, 'own/lazy.ts'],
  });
}

function tool(path: string): string {
  return join(repository, 'node_modules', path);
}

async function node(cwd: string, args: readonly string[], input = ''): Promise<void> {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(VITEST|NODE_OPTIONS|NODE_ENV|TEST)/.test(name),
  );
  const env = {
    ...Object.fromEntries(own),
    TEST_CAPTURE: new URL('../../src/capture/index.ts', import.meta.url).href,
    TEST_CODEC: new URL('../../src/serialization/index.ts', import.meta.url).href,
    TEST_REPORT: join(cwd.replace(/\/out$/, ''), 'report.json'),
  };
  const running = run(process.execPath, args, { cwd, env });
  if (input === '') running.child.stdin?.end();
  else running.child.stdin?.write(input);
  await running;
}
