import {
  type Database,
  identityOf,
  isScoped,
  killRequests,
  liveProcesses,
  msUntilDue,
  pendingLanes,
  type PendingLane,
  type ProcessRow,
  processRow,
  queueState,
  runsElsewhere,
  type SlotRow,
  slotsOf,
  type StopLevel,
} from '../store/index.ts';
import { isProvenDead } from '../util/index.ts';

/** What the queue says when an agent looks. */
export interface View {
  readonly stop: StopLevel;
  readonly kills: readonly { readonly task: number; readonly attempt: number }[];
  readonly slots: readonly SlotRow[];
  /** Whether only the tasks that some Futures need are to run. */
  readonly scoped: boolean;
  readonly lanes: readonly PendingLane[];
  /** Apps of which nothing is to start now. */
  readonly paused: readonly number[];
  /** Until the first task that waits out a delay may be claimed; 0 where it may, undefined where none waits. */
  readonly dueMs: number | undefined;
  /** Whether tasks run elsewhere that may make work for this agent. */
  readonly elsewhere: boolean;
}

/** `paused` are the apps of which nothing is to start now. */
export function look(db: Database, agent: number, paused: readonly number[]): View {
  const row = processRow(db, agent);
  const scoped = isScoped(db);
  const isPaused = queueState(db) === 'PAUSED';
  return {
    // Whoever ended its row wants it gone.
    stop: row === undefined || row.ended !== null ? 2 : row.stop,
    kills: killRequests(db, agent),
    slots: slotsOf(db, agent),
    scoped,
    lanes: isPaused ? [] : pendingLanes(db, agent, { scoped, except: paused }),
    paused,
    dueMs: msUntilDue(db),
    elsewhere: runsElsewhere(db, agent),
  };
}

/** Whether an agent that has nothing to do has to stay: for work, or for tasks that wait where no manager does. */
export function isNeeded(db: Database, agent: number): boolean {
  if (queueState(db) === 'PAUSED') return false;
  if (pendingLanes(db, agent, { scoped: isScoped(db) }).length > 0) return true;
  return msUntilDue(db) !== undefined && !liveProcesses(db, 'manager').some(mayLive);
}

function mayLive(row: ProcessRow): boolean {
  const identity = identityOf(row);
  return identity === undefined || !isProvenDead(identity);
}
