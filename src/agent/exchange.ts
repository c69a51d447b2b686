import {
  type ClaimedTask,
  claimTasks,
  noteSlow,
  type Store,
  type Sync,
  type Transaction,
  wakeDue,
} from '../store/index.ts';
import { Assignments, type Made } from './assignment.ts';
import type { Crew } from './crew.ts';
import type { Lease } from './lease.ts';
import type { Ledger } from './ledger.ts';
import type { Planner } from './planner.ts';
import type { AgentSettings } from './settings.ts';
import type { Slowdown } from './slowdown.ts';
import { readTaskManagers } from './task-managers.ts';
import type { Lookout, View } from './view.ts';

interface Hands {
  readonly store: Store;
  /** Row id of the agent. */
  readonly agent: number;
  readonly settings: AgentSettings;
  readonly crew: Crew;
  readonly planner: Planner;
  readonly lookout: Lookout;
  readonly ledger: Ledger;
  readonly slowdown: Slowdown;
  /** On a shared queue. */
  readonly lease: Lease | undefined;
}

interface Wish {
  /** Apps of which nothing is to start now. */
  readonly paused: readonly number[];
  readonly mayClaim: boolean;
  /** What was ended because the agent was is nobody's fault. */
  readonly isLost: boolean;
}

interface Exchanged {
  /** What the queue says after what was committed, and before what was claimed. */
  readonly view: View;
  readonly claimed: Made;
  /** So many tasks have failed that nothing more is to start. */
  readonly isOver: boolean;
}

/** Commits what happened and claims what can run then, in one transaction. */
export class Exchange {
  readonly #hands: Hands;
  readonly #assignments: Assignments;
  /** Tasks that failed for good. */
  #failures = 0;
  /** In milliseconds of the monotonic clock. */
  #dueAt = 0;

  constructor(hands: Hands) {
    this.#hands = hands;
    this.#assignments = new Assignments(hands.store);
  }

  /** Whether there is something to commit, or to claim. */
  hasWork({ lanes, dueMs }: View, mayClaim: boolean): boolean {
    const { ledger, planner } = this.#hands;
    return !ledger.isEmpty || dueMs === 0 || (mayClaim && planner.plan(lanes).size > 0);
  }

  /** Only reads; `paused` as in a wish. */
  look(paused: readonly number[]): View {
    const { store, lookout } = this.#hands;
    store.assertCurrent();
    const view = store.read((db) => lookout.look(db, paused));
    this.#note(view);
    return view;
  }

  /** Undefined where another process is writing. */
  write(wish: Wish): Exchanged | undefined {
    const { store, agent, settings, lookout, ledger, slowdown, lease } = this.#hands;
    const { stopAfterFailures = Infinity } = settings;
    const done = store.tryWrite((tx) => {
      if (performance.now() >= this.#dueAt) wakeDue(tx);
      noteSlow(tx, slowdown.news);
      const failures = this.#failures + ledger.write(tx, agent, wish.isLost);
      tx.carry();
      const view = lookout.look(tx.db, wish.paused);
      const isOver = failures >= stopAfterFailures;
      const renewed = lease?.renew(tx);
      const mayClaim = wish.mayClaim && view.stop === 0 && !isOver;
      return {
        view,
        failures,
        isOver,
        renewed,
        claimed: this.#assignments.make(mayClaim ? this.#claim(tx, view) : [], lookout.version),
      };
    }, this.#sync);
    if (done === undefined) return undefined;
    done.value.renewed?.();
    this.#note(done.value.view);
    ledger.clear();
    slowdown.forgetNews();
    this.#failures = done.value.failures;
    return done.value;
  }

  /**
   * That a task was claimed matters to those who are up: what it did is committed, and synced, later, and so is all
   * before it. A power cut that takes a claim back ends its worker too: the task is pending, and the attempt that comes
   * next has the number of the one that was lost. Of that one there is nothing on the disk that counts: no row (those
   * name attempts whose claims went there before them), output files and notes lie in the folder of its agent, and blobs
   * are named by what they hold.
   */
  get #sync(): Sync {
    const { ledger, slowdown } = this.#hands;
    return ledger.isEmpty && slowdown.news.length === 0 ? 'next' : 'before';
  }

  /** Takes note of how many workers of each task manager may run here. */
  heedSlots({ slots }: View): void {
    const { store, crew, settings } = this.#hands;
    readTaskManagers(store, slots, { known: crew.taskManagers, concurrency: settings.concurrency });
  }

  /** Takes note of when the first task that waits out a delay may be claimed. */
  #note({ dueMs = Infinity }: View): void {
    this.#dueAt = performance.now() + dueMs;
  }

  #claim(tx: Transaction, view: View): readonly ClaimedTask[] {
    const { agent, planner } = this.#hands;
    const { lanes, scoped, paused } = view;
    this.heedSlots(view);
    return [...planner.plan(lanes)].flatMap(([lane, limit]) =>
      claimTasks(tx, { agent, lane, limit, scoped, except: paused }),
    );
  }
}
