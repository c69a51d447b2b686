import { closeSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  isAlive,
  log,
  MarkedProcesses,
  openOwnFile,
  type ProcessIdentity,
  processIdentity,
} from '../util/index.ts';
import { hasBootedSince } from './announcer.ts';

const ENDING = '.process';
const LOOKS = 400;
const PAUSE_MS = 5;

/** A worker says who it is before it takes a task, so that it can be proven dead when its agent is. */
export function writeWorkerIdentity(folder: string, number: number, mark: string): void {
  const path = join(folder, `${number}${ENDING}`);
  const file = openOwnFile(`${path}.new`, 'w');
  try {
    writeFileSync(file, JSON.stringify({ ...processIdentity(), mark }));
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.new`, path);
}

/**
 * Ends the workers of this host whose agent is dead, with all that they started: what they were on must not be given
 * to others while they run. False where one is still there.
 */
export async function endOrphans(folder: string): Promise<boolean> {
  const workers = identities(folder);
  if (workers.some((worker) => !hasBootedSince(worker)) && isOfOther(folder)) return false;
  const orphans = workers.filter(isAlive);
  for (const { pid } of orphans) killGroup(pid);
  const processes = new MarkedProcesses();
  // One that was sent SIGKILL may go on for a moment.
  const areThere = (): boolean =>
    workers.reduce((count, { mark = '' }) => count + processes.end(mark), 0) > 0 || orphans.some(isAlive);
  for (let looks = 0; areThere(); looks++) {
    if (looks === LOOKS) return false;
    await delay(PAUSE_MS);
  }
  return true;
}

const told = new Set<string>();

/** Of another user's processes nobody can tell what they started, nor end it: that is left to that user. */
function isOfOther(folder: string): boolean {
  const user = process.geteuid?.();
  const { uid } = statSync(folder);
  if (user === undefined || user === 0 || uid === user) return false;
  if (!told.has(folder)) {
    told.add(folder);
    log.warn(
      `An agent of user ${uid} has died. What it held is put back when that user runs the queue (${folder}).`,
    );
  }
  return true;
}

function identities(folder: string): (ProcessIdentity & { readonly mark?: string })[] {
  const found = filesOf(folder, ENDING).map(
    (text) => JSON.parse(text.toString()) as ProcessIdentity & { readonly mark?: string },
  );
  // To a signal, other numbers mean many processes, or all.
  return found.filter(({ pid }) => Number.isSafeInteger(pid) && pid > 1);
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** Contents of the files of a kind; whoever puts back what a dead agent held takes them away. */
export function filesOf(folder: string, ending: string): readonly Buffer[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith(ending));
    return names.map((name) => readFileSync(join(folder, name)));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
