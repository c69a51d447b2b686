import {
  type Database,
  dataVersion,
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

/** The part of a view that only other processes change. */
interface OthersView extends Pick<View, 'stop' | 'slots' | 'scoped' | 'elsewhere'> {
  readonly isPaused: boolean;
  readonly dataVersion: number;
  /** In milliseconds of the monotonic clock. */
  readonly readAt: number;
}

// What this process did to others' tasks itself (they were proven dead) is seen so soon.
const FRESH_MS = 1000;

/** Looks at the queue for an agent; what only other processes change is read again when one of them has written. */
export class Lookout {
  readonly #agent: number;
  #others: OthersView | undefined;

  constructor(agent: number) {
    this.#agent = agent;
  }

  /** `paused` are the apps of which nothing is to start now. */
  look(db: Database, paused: readonly number[]): View {
    const { isPaused, stop, slots, scoped, elsewhere } = this.#lookAtOthers(db);
    return {
      stop,
      kills: killRequests(db, this.#agent),
      slots,
      scoped,
      lanes: isPaused ? [] : pendingLanes(db, this.#agent, { scoped, except: paused }),
      paused,
      dueMs: msUntilDue(db),
      elsewhere,
    };
  }

  /** Of what others had written at the last look. */
  get version(): number | undefined {
    return this.#others?.dataVersion;
  }

  #lookAtOthers(db: Database): OthersView {
    const now = performance.now();
    const version = dataVersion(db);
    const known = this.#others;
    if (known?.dataVersion === version && now - known.readAt < FRESH_MS) return known;
    const row = processRow(db, this.#agent);
    this.#others = {
      // Whoever ended its row wants it gone.
      stop: row === undefined || row.ended !== null ? 2 : row.stop,
      slots: slotsOf(db, this.#agent),
      scoped: isScoped(db),
      isPaused: queueState(db) === 'PAUSED',
      elsewhere: runsElsewhere(db, this.#agent),
      dataVersion: version,
      readAt: now,
    };
    return this.#others;
  }
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
