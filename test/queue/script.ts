import { runScript } from '../helpers/script.ts';

/** How a script ended, and what it said. */
export interface ScriptEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

const HEAD = `import { Queue, TaskManager, settled, spawn } from 'tspipe';
import { appendFileSync } from 'node:fs';
const queue = new Queue('q', { baseDir: import.meta.dirname });
const tm = new TaskManager({ queue, scheduler: { maxWorkers: 2 } });
const append = (path, line) => appendFileSync(path, line + '\\n');
const log = import.meta.dirname + '/log';
`;

/**
 * Runs a script to its end in its own process, with `queue`, `tm`, `log` and `append` at hand. `signal` is sent when it
 * prints "ready".
 */
export async function run(
  folder: string,
  text: string,
  { signal, name }: { readonly signal?: NodeJS.Signals; readonly name?: string } = {},
): Promise<ScriptEnd> {
  const script = runScript(folder, HEAD + text, name === undefined ? {} : { name });
  script.child.stdout?.on('data', () => {
    if (signal !== undefined && script.out().includes('ready')) script.child.kill(signal);
  });
  const ended = await script.ended;
  return { ...ended, out: script.out(), err: script.err() };
}
