import { rmSync } from 'node:fs';
import { PipeError } from '../errors.ts';
import { encodeValue } from '../serialization/index.ts';
import {
  endProcess,
  heldTasks,
  identityOf,
  liveProcesses,
  loseTask,
  type ProcessRow,
  processRow,
  type Store,
} from '../store/index.ts';
import { isProvenDead } from '../util/index.ts';
import { announcerOf } from './announcer.ts';
import { silenceOf } from './silence.ts';
import { endOrphans, filesOf } from './worker-identity.ts';
import { readNote, workersDirectory } from './worker-note.ts';

/** After this many attempts lost to infrastructure a task is KILLED. */
export const LOSSES = 3;

/** Tells whether an agent on another host, or without a process id, has ended: the batch system knows. */
export type HasEnded = (agent: ProcessRow) => boolean;

/**
 * Puts back what proven-dead agents held: tasks that had started are lost to infrastructure, the others were never
 * begun. Whoever notices first does it. Resolves to the number of agents.
 */
export async function reapDeadAgents(store: Store, hasEnded: HasEnded = () => false): Promise<number> {
  const silence = silenceOf(store);
  const { agents, silent } = store.read((db) => {
    const all = liveProcesses(db, 'agent');
    return { agents: all, silent: all.filter((row) => silence?.isSilent(db, row)) };
  });
  const dead = agents.filter((row) => isDead(row) || hasEnded(row));
  for (const agent of dead) await reap(store, agent);
  for (const agent of silent) if (!dead.includes(agent)) await giveUp(store, agent);
  return dead.length;
}

/** Of an agent of another host that is silent nobody knows whether it lives; that its workers are gone is known. */
async function giveUp(store: Store, agent: ProcessRow): Promise<void> {
  await store.write((tx) => {
    if (silenceOf(store)?.isSilent(tx.db, agent) !== true) return;
    const error = encodeValue(
      new PipeError(
        'TASK_UNKNOWN',
        `Its agent (process ${agent.pid} on ${agent.host}) is not heard of any more.`,
      ),
    ).text;
    for (const task of heldTasks(tx.db, agent.id))
      loseTask(tx, task, { proven: false, started: true, error, limit: LOSSES });
    endProcess(tx, agent.id);
  });
}

/** Also of one that was announced only: whoever did so died before it had started a process, or could say which. */
function isDead(row: ProcessRow): boolean {
  const identity = identityOf(row) ?? (row.job === null ? announcerOf(row) : undefined);
  return identity !== undefined && isProvenDead(identity);
}

async function reap(store: Store, agent: ProcessRow): Promise<void> {
  const folder = workersDirectory(store.directory, agent.id);
  // What a worker still runs is not given to others; whoever looks next tries again.
  if (!(await endOrphans(folder))) return;
  const started = startedTasks(folder);
  await store.write((tx) => {
    // One that was silent may have begun since; where it comes later, it finds its row ended and goes.
    if (agent.pid === null && processRow(tx.db, agent.id)?.pid !== null) return;
    const error = encodeValue(
      new PipeError('TASK_KILLED', `Its agent (process ${agent.pid} on ${agent.host}) died while it ran.`),
    ).text;
    for (const task of heldTasks(tx.db, agent.id)) {
      const hasStarted = started.get(task.id) === task.attempts;
      loseTask(tx, task, { proven: true, started: hasStarted, error, limit: LOSSES });
    }
    endProcess(tx, agent.id);
  });
  rmSync(folder, { recursive: true, force: true });
}

/** What the workers of a dead agent were on, by their notes: row id to attempt. */
function startedTasks(folder: string): ReadonlyMap<number, number> {
  const records = filesOf(folder, '.note').flatMap((bytes) => readNote(bytes));
  return new Map(records.map(({ task, attempt }) => [task, attempt]));
}
