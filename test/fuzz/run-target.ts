import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Outcome } from './fuzz.ts';

// One input takes milliseconds.
const HANG_MS = 30_000;

/** Runs a target in a process of its own, and ends it where it hangs: a hang, or its death, is a find. */
export function runTarget(name: string, { seed, count }: { seed: number; count: number }): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = fork(join(import.meta.dirname, 'child.ts'), [name, String(seed), String(count)], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let last = '';
    let words = '';
    let end = setTimeout(() => child.kill('SIGKILL'), HANG_MS);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-2000);
    });
    child.on('message', (message: { input?: string; outcome?: Outcome }) => {
      clearTimeout(end);
      if (message.outcome !== undefined) return resolve(message.outcome);
      last = message.input ?? '';
      end = setTimeout(() => child.kill('SIGKILL'), HANG_MS);
    });
    // Where it has told its outcome before, this changes nothing.
    child.once('exit', (code, signal) => {
      clearTimeout(end);
      const error = `ended with ${signal ?? code} at this input or shortly after it\n${words}`;
      resolve({ inputs: 0, accepted: 0, finds: [{ input: last, error }] });
    });
  });
}
