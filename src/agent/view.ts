import {
  type Database,
  isScoped,
  killRequests,
  pendingLanes,
  type PendingLane,
  processRow,
  queueState,
  runsElsewhere,
  type SlotRow,
  slotsOf,
  type StopLevel,
} from '../store/index.ts';

/** What the queue says when an agent looks. */
export interface View {
  readonly stop: StopLevel;
  readonly kills: readonly { readonly task: number; readonly attempt: number }[];
  readonly slots: readonly SlotRow[];
  /** Whether only the tasks that some Futures need are to run. */
  readonly scoped: boolean;
  readonly lanes: readonly PendingLane[];
  /** Whether tasks run elsewhere that may make work for this agent. */
  readonly elsewhere: boolean;
}

export function look(db: Database, agent: number): View {
  const row = processRow(db, agent);
  const scoped = isScoped(db);
  const isPaused = queueState(db) === 'PAUSED';
  return {
    // Whoever ended its row wants it gone.
    stop: row === undefined || row.ended !== null ? 2 : row.stop,
    kills: killRequests(db, agent),
    slots: slotsOf(db, agent),
    scoped,
    lanes: isPaused ? [] : pendingLanes(db, agent, scoped),
    elsewhere: runsElsewhere(db, agent),
  };
}
