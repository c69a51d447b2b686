import type { Assignment } from './assignment.ts';
import type { Backlog } from './backlog.ts';
import type { Crew } from './crew.ts';
import type { Pace } from './pace.ts';
import { isPlain } from './plan-claims.ts';
import type { WorkerProcess } from './worker-process.ts';

interface Hands {
  readonly crew: Crew;
  readonly backlog: Backlog;
  readonly pace: Pace;
  /** What waits here while no worker answers for so many looks is for other agents. */
  readonly keptLooks: number;
  /** Some came back from a worker, and may start elsewhere. */
  readonly cameBack: () => void;
  /** This agent has no use for them for long. */
  readonly giveBack: (assignments: readonly Assignment[]) => void;
}

// A worker that has answered nothing for so long is on a long task: what was sent ahead is for others.
const STUCK_MS = 20;

/** Keeps work from waiting behind a long task while others are idle: takes back what was sent, or claimed, ahead. */
export class Recall {
  readonly #hands: Hands;
  /** How many answers of each worker there were at the last look. */
  #answers = new Map<WorkerProcess, number>();
  #quietLooks = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(hands: Hands) {
    this.#hands = hands;
  }

  /** Call when tasks were sent or claimed ahead; it looks until there are none. */
  watch(): void {
    const { crew, backlog } = this.#hands;
    if (this.#timer !== undefined || crew.aheadCount + backlog.size === 0) return;
    this.#note();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#look();
      this.watch();
    }, STUCK_MS);
  }

  /** Takes back all that was sent ahead and has not begun. */
  all(): readonly Assignment[] {
    return this.#hands.crew.workersAhead.flatMap((worker) => worker.recall());
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #note(): void {
    const { busyWorkers } = this.#hands.crew;
    this.#answers = new Map(busyWorkers.map((worker) => [worker, worker.answers]));
  }

  /** Between two looks this process has read what there was: it is not the one that is late. */
  #look(): void {
    const { crew, backlog, pace, keptLooks, cameBack, giveBack } = this.#hands;
    const quiet = crew.busyWorkers.filter((worker) => this.#answers.get(worker) === worker.answers);
    const recalled = quiet.flatMap((worker) => {
      for (const { workload } of worker.running) pace.lasts(workload.lane, STUCK_MS);
      return worker.recall();
    });
    backlog.putBack(recalled);
    if (recalled.length > 0) cameBack();
    this.#quietLooks = quiet.length === crew.busyWorkers.length ? this.#quietLooks + 1 : 0;
    if (this.#quietLooks < keptLooks) return;
    giveBack(
      backlog.take(
        ({ alone, workload }) =>
          !alone && isPlain(workload.options) && crew.freeSlots(workload.taskManager) < 1,
      ),
    );
  }
}
