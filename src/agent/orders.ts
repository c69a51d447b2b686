import type { StopLevel } from '../store/index.ts';
import type { Assignment } from './assignment.ts';
import type { Backlog } from './backlog.ts';
import type { Crew } from './crew.ts';
import type { Endings } from './endings.ts';
import type { Ledger } from './ledger.ts';
import type { Recall } from './recall.ts';
import { Standstill } from './standstill.ts';
import type { View } from './view.ts';

interface Hands {
  readonly crew: Crew;
  readonly backlog: Backlog;
  readonly recall: Recall;
  readonly endings: Endings;
  readonly ledger: Ledger;
  /** There is something to commit. */
  readonly ring: () => void;
}

/** Does what users and managers ask of an agent: to end tasks, to start nothing more, to end. */
export class Orders {
  readonly #hands: Hands;
  readonly #standstill: Standstill;
  #stop: StopLevel = 0;

  constructor(hands: Hands) {
    this.#hands = hands;
    this.#standstill = new Standstill(hands.crew, hands.endings);
  }

  get stop(): StopLevel {
    return this.#stop;
  }

  obey({ stop, kills }: View): void {
    this.stopAt(stop);
    for (const { task } of kills) this.#kill(task);
  }

  /** Never less than before. */
  stopAt(level: StopLevel): void {
    if (level > this.#stop) this.#stop = level;
    if (this.#stop === 0) return;
    const { crew, backlog, recall, endings } = this.#hands;
    this.giveBack([...recall.all(), ...backlog.take(() => true)]);
    if (this.#stop === 1) {
      this.#standstill.look(performance.now());
      return;
    }
    const ending = { reason: 'The run was interrupted.', cause: 'stop' } as const;
    for (const task of crew.assignments.keys()) endings.end(task, ending);
  }

  /** Puts tasks of these apps back that were claimed ahead. */
  holdBack(apps: readonly number[]): void {
    const { backlog, recall } = this.#hands;
    backlog.putBack(recall.all());
    this.giveBack(backlog.take(({ workload }) => apps.includes(workload.app)));
  }

  /** Puts tasks back into the queue that have not begun. */
  giveBack(assignments: readonly Assignment[]): void {
    const { ledger, ring } = this.#hands;
    for (const assignment of assignments) ledger.giveBack(assignment);
    if (assignments.length > 0) ring();
  }

  /** One that was sent ahead is taken back; one that has begun meanwhile is ended once its worker has said so. */
  #kill(task: number): void {
    const { crew, backlog, recall, endings, ledger, ring } = this.#hands;
    if (crew.isAhead(task)) backlog.putBack(recall.all());
    if (crew.holds(task)) {
      endings.end(task, { reason: 'It was killed by a user.', cause: 'kill' });
    } else if (!crew.isAhead(task)) {
      backlog.take((one) => one.task === task);
      ledger.answer(task);
      ring();
    }
  }
}
