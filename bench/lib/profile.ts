import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Program } from './program.ts';
import { table } from './report.ts';
import { runProgram } from './run-program.ts';

const TOP = 25;

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

/** What `node --cpu-prof` writes, as far as it is read here. */
interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/**
 * Runs a program with the profiler in it, in the agent and in the workers, and prints for each of them where the time
 * of its main thread went: by folder of `src`, and by function.
 */
export async function profile(program: Program): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tspipe-profile-'));
  try {
    const figures = await runProgram(program, program.full, {
      NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folder}`,
    });
    console.log(`${program.name}, with the profiler: ${JSON.stringify(figures)}`);
    const profiles = readdirSync(folder)
      .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as CpuProfile)
      .map((one) => ({ kind: kindOf(one), one }))
      .filter(({ kind }) => kind !== 'watchdog');
    for (const kind of new Set(profiles.map((each) => each.kind))) {
      print(
        kind,
        profiles.filter((each) => each.kind === kind).map(({ one }) => one),
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function kindOf({ nodes }: CpuProfile): string {
  const urls = new Set(nodes.map(({ callFrame }) => callFrame.url));
  const main = ['agent', 'worker', 'manager'].find((name) => has(urls, `/${name}/main.`));
  return has(urls, '/worker/watchdog.') ? 'watchdog' : (main ?? 'script');
}

function has(urls: ReadonlySet<string>, part: string): boolean {
  return [...urls].some((url) => url.includes(part));
}

function print(kind: string, profiles: readonly CpuProfile[]): void {
  const byFolder = new Map<string, number>();
  const byFunction = new Map<string, number>();
  let busy = 0;
  for (const { nodes, samples, timeDeltas } of profiles) {
    const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
    for (const [index, id] of samples.entries()) {
      const frame = frames.get(id);
      const ms = (timeDeltas[index] ?? 0) / 1000;
      if (frame === undefined || frame.functionName === '(idle)') continue;
      const file = fileOf(frame);
      busy += ms;
      add(byFolder, file.split('/').slice(0, 2).join('/'), ms);
      add(byFunction, `${frame.functionName || '(anonymous)'} ${file}`, ms);
    }
  }
  const processes = profiles.length === 1 ? '' : ` of ${profiles.length} processes`;
  console.log(`\n## ${kind}: ${busy.toFixed(0)} ms busy${processes}\n`);
  const share = (all: ReadonlyMap<string, number>) =>
    [...all]
      .sort((a, b) => b[1] - a[1])
      .slice(0, TOP)
      .map(([name, ms]) => [name, ms.toFixed(0), `${((100 * ms) / busy).toFixed(1)} %`]);
  console.log(`${table(['room', 'ms', 'share'], share(byFolder))}\n`);
  console.log(table(['function itself', 'ms', 'share'], share(byFunction)));
}

function add(map: Map<string, number>, key: string, ms: number): void {
  map.set(key, (map.get(key) ?? 0) + ms);
}

/** The file of `src` that a function was bundled from; for others what tells them apart. */
function fileOf({ url, lineNumber }: CallFrame): string {
  if (url === '') return 'engine';
  if (!url.startsWith('file:')) return url;
  const path = fileURLToPath(url);
  if (!/\/dist\//.test(path)) return path.split('/').slice(-2).join('/');
  return sourcesOf(path)[lineNumber] ?? path;
}

const sources = new Map<string, readonly string[]>();

/** For each line of a bundle the file that it came from: esbuild writes a comment at the beginning of each. */
function sourcesOf(path: string): readonly string[] {
  let lines = sources.get(path);
  if (lines === undefined) {
    let current = 'dist';
    lines = readFileSync(path, 'utf8')
      .split('\n')
      .map((text) => {
        const start = /^\/\/ (src\/\S+|node_modules\/\S+)$/.exec(text);
        if (start?.[1] !== undefined) current = start[1];
        return current;
      });
    sources.set(path, lines);
  }
  return lines;
}
