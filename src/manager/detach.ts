import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SpawnOptions } from '../model/index.ts';
import { identityOf, liveProcesses, Store } from '../store/index.ts';
import { isProvenDead } from '../util/index.ts';

/** Starts a manager as a process of its own, which outlives this one. Where one is alive it ends at once. */
export function startDetached(
  path: string,
  options: SpawnOptions = {},
  rows?: readonly number[],
): ChildProcess {
  const log = join(path.replace(/\.sqlite$/, '.d'), 'logs', 'manager.log');
  mkdirSync(dirname(log), { recursive: true, mode: 0o700 });
  const output = openSync(log, 'a', 0o600);
  try {
    const child = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        program(),
        path,
        JSON.stringify(options),
        JSON.stringify(rows ?? null),
      ],
      { detached: true, stdio: ['ignore', output, output], cwd: '/' },
    );
    child.unref();
    return child;
  } finally {
    closeSync(output);
  }
}

const started = new Map<string, ChildProcess>();
const CHECK_MS = 300;

/**
 * Sees to it that a manager is alive for a queue, after something was added to it. A manager that is about to end looks
 * for work in the transaction in which it leaves, so one that is there now will see what was added before.
 */
export function ensureManager(path: string): void {
  const store = new Store(path);
  try {
    const alive = store
      .read((db) => liveProcesses(db, 'manager'))
      .some((row) => {
        const identity = identityOf(row);
        return identity === undefined || !isProvenDead(identity);
      });
    if (alive) return;
  } finally {
    store.close();
  }
  const child = started.get(path);
  if (child !== undefined && child.exitCode === null && child.signalCode === null) {
    // It may be about to begin, or about to end: look again when that is decided.
    setTimeout(() => ensureManager(path), CHECK_MS);
    return;
  }
  started.set(path, startDetached(path));
}

function program(): string {
  const extension = import.meta.filename.endsWith('.ts') ? 'ts' : 'js';
  return fileURLToPath(new URL(`./main.${extension}`, import.meta.url));
}
