import { type ChildProcess, spawn as startProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf, isScoped, liveProcesses, Store } from '../store/index.ts';
import type { SpawnOptions } from '../task-manager/index.ts';
import { isProvenDead, makeQueueFolder, openOwnFile, ownProgram, withoutMark } from '../util/index.ts';

/**
 * Starts a manager as a process of its own, which outlives this one. Where one is alive that serves the whole queue it
 * ends at once. `rows` are the tasks to run, by default all.
 */
export function startDetached(
  path: string,
  options: SpawnOptions = {},
  rows?: readonly number[],
): ChildProcess {
  const folder = join(path.replace(/\.sqlite$/, '.d'), 'logs');
  makeQueueFolder(folder);
  const output = openOwnFile(join(folder, 'manager.log'), 'a');
  try {
    const child = startProcess(
      process.execPath,
      [
        ...ownProgram('manager/main'),
        path,
        JSON.stringify(options),
        // There may be more of them than fit on a command line.
        ...(rows === undefined ? [] : [writeRows(folder, rows)]),
      ],
      { detached: true, stdio: ['ignore', output, output], cwd: '/', env: withoutMark(process.env) },
    );
    child.unref();
    return child;
  } finally {
    closeSync(output);
  }
}

function writeRows(folder: string, rows: readonly number[]): string {
  const file = join(folder, `rows-${randomUUID()}.json`);
  const descriptor = openOwnFile(file, 'wx');
  try {
    writeFileSync(descriptor, JSON.stringify(rows));
  } finally {
    closeSync(descriptor);
  }
  return file;
}

const started = new Map<string, ChildProcess>();
const CHECK_MS = 300;

/**
 * Sees to it that a manager is alive for a queue, after something was added to it. A manager that is about to end looks
 * for work in the transaction in which it leaves, so one that is there now will see what was added before.
 */
export function ensureManager(path: string): void {
  // It may have been deleted while this waited.
  if (!existsSync(path) || isServed(path)) return;
  const child = started.get(path);
  if (child !== undefined && child.exitCode === null && child.signalCode === null) {
    // It may be about to begin, or about to end: look again when that is decided.
    setTimeout(() => ensureManager(path), CHECK_MS);
    return;
  }
  started.set(path, startDetached(path));
}

/** Whether a manager is alive that does not work for some Futures only. */
function isServed(path: string): boolean {
  const store = new Store(path);
  try {
    return store.read(
      (db) =>
        !isScoped(db) &&
        liveProcesses(db, 'manager').some((row) => {
          const identity = identityOf(row);
          return identity === undefined || !isProvenDead(identity);
        }),
    );
  } finally {
    store.close();
  }
}
