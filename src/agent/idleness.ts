import { endProcess, type Store } from '../store/index.ts';
import type { Crew } from './crew.ts';
import { isNeeded, type View } from './view.ts';

const IDLE_MS = 2000;
// An agent without work stays for a task that is due so soon; for later ones a manager starts another.
const DUE_SOON_MS = 2000;

interface Hands {
  readonly store: Store;
  /** Row id of the agent. */
  readonly agent: number;
  readonly crew: Crew;
  readonly ended: () => void;
  /** The file could not be written now. */
  readonly tryLater: () => void;
}

/** Ends an agent that has had nothing to do for a while, its workers first. */
export class Idleness {
  readonly #hands: Hands;
  #since = performance.now();

  constructor(hands: Hands) {
    this.#hands = hands;
  }

  /** Call when there is nothing to do just now; `isStopping` where the agent is to take nothing more. */
  look({ elsewhere, lanes, dueMs = Infinity }: View, isStopping: boolean): void {
    if (!isStopping && (elsewhere || lanes.length > 0 || dueMs < DUE_SOON_MS)) {
      this.interrupt();
      return;
    }
    const { store, agent, crew } = this.#hands;
    if (!isStopping && performance.now() - this.#since < IDLE_MS) return;
    if (!isStopping && store.read((db) => isNeeded(db, agent))) return;
    // The exit of the last one comes back here.
    if (crew.dismissIdle() > 0) return;
    this.#end(isStopping);
  }

  /** There is something to do. */
  interrupt(): void {
    this.#since = performance.now();
  }

  #end(isStopping: boolean): void {
    const { store, agent, ended, tryLater } = this.#hands;
    const done = store.tryWrite((tx) => {
      const hasWork = !isStopping && isNeeded(tx.db, agent);
      if (!hasWork) endProcess(tx, agent);
      return !hasWork;
    });
    if (done?.value === true) ended();
    else tryLater();
  }
}
