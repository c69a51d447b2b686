import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Queue, TaskManager, spawn as run } from 'tspipe';
import { onTestFinished } from 'vitest';
import { quoteShell } from '../../src/util/index.ts';
import { makeFolder } from '../helpers/place.ts';
import { screenOf } from './screen.ts';

export const BIN = join(import.meta.dirname, '../../bin/tspipe.js');

export interface ReplPlace {
  readonly folder: string;
  readonly path: string;
}

/** A queue `q` with fits of the seeds 0 to 3, of which 2 was killed and 3 failed. */
export async function makeFits(): Promise<ReplPlace> {
  const folder = makeFolder();
  const queue = new Queue('q', { baseDir: folder });
  onTestFinished(async () => await new Queue('q', { baseDir: folder }).delete());
  const tm = new TaskManager({ queue, scheduler: { maxWorkers: 1 } });
  const fit = tm.tsApp(function fit(seed: number, size = 10) {
    console.log(`fitting ${seed}`);
    if (seed === 2) process.kill(process.pid, 'SIGKILL');
    if (seed === 3) throw new RangeError('no fit of 3');
    return { seed, size };
  });
  for (let seed = 0; seed < 4; seed++) fit(seed);
  await run(queue, { mode: 'no_stream' });
  queue.close();
  return { folder, path: queue.path };
}

export interface ReplEnd {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `tspipe repl -q ./q`, fed with lines from a pipe. */
export function runPiped(
  folder: string,
  lines: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<ReplEnd> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [BIN, 'repl', '-q', './q'],
      { cwd: folder, env: { ...process.env, ...env } },
      (_error, out, err) => resolve({ code: child.exitCode, out, err }),
    );
    child.stdin?.end(lines.join('\n'));
  });
}

export interface TypedOptions {
  readonly queue?: string;
  readonly columns?: number;
  readonly env?: NodeJS.ProcessEnv;
}

export interface TypedEnd {
  readonly code: number | null;
  /** What the terminal shows at the end. */
  readonly out: string;
}

/**
 * The same in a pseudo-terminal made by util-linux's script; each line is typed when the prompt is there. One that
 * ends with a control character is typed without Return.
 */
export async function runTyped(
  folder: string,
  lines: readonly string[],
  { queue = './q', columns = 100, env = {} }: TypedOptions = {},
): Promise<TypedEnd> {
  const words = [process.execPath, BIN, 'repl', '-q', queue].map((word) => quoteShell(word));
  const child = spawn('script', ['-qec', `stty cols ${columns}; ${words.join(' ')}`, '/dev/null'], {
    cwd: folder,
    env: { ...process.env, TERM: 'xterm', NO_COLOR: '1', ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const left = [...lines];
  let out = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    out += text;
    // Node writes its prompt, that of an open statement too, then moves the cursor behind it.
    if (!PROMPTS.some((prompt) => out.endsWith(prompt))) return;
    const line = left.shift();
    if (line !== undefined) child.stdin.write(isKey(line) ? line : `${line}\r`);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out: screenOf(out) };
}

const PROMPTS = ['> ', '| ', '... '].map((prompt) => `${prompt}\x1b[${prompt.length + 1}G`);

function isKey(line: string): boolean {
  return line !== '' && (line.at(-1) ?? '') < ' ';
}
