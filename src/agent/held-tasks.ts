import type { Assignment } from './assignment.ts';

/** What a worker was sent and has not answered, in the order in which it begins them: first those in its slots. */
export class HeldTasks {
  readonly #slots: number;
  /** With the numbers of the orders. */
  readonly #held = new Map<Assignment, number>();
  #sent = 0;

  constructor(slots: number) {
    this.#slots = slots;
  }

  get size(): number {
    return this.#held.size;
  }

  /** The number of the newest order. */
  get sent(): number {
    return this.#sent;
  }

  /** Those in slots. */
  get running(): readonly Assignment[] {
    const running: Assignment[] = [];
    for (const assignment of this.#held.keys()) {
      if (running.length === this.#slots) break;
      running.push(assignment);
    }
    return running;
  }

  /** How many there are beyond those in slots. */
  get aheadCount(): number {
    return Math.max(0, this.#held.size - this.#slots);
  }

  has(task: number): boolean {
    return [...this.#held.keys()].some((assignment) => assignment.task === task);
  }

  /** Adds one at the end; returns its number, counted from 1. */
  add(assignment: Assignment): number {
    this.#held.set(assignment, ++this.#sent);
    return this.#sent;
  }

  delete(assignment: Assignment): void {
    this.#held.delete(assignment);
  }

  /** Takes out those beyond the slots, of later orders than `begun`. */
  takeAhead(begun: number): readonly Assignment[] {
    return this.#take([...this.#held].slice(this.#slots).filter(([, order]) => order > begun));
  }

  /** Takes out those of these orders. */
  takeOrders(orders: readonly number[]): readonly Assignment[] {
    const wanted = new Set(orders);
    return this.#take([...this.#held].filter(([, order]) => wanted.has(order)));
  }

  #take(entries: readonly (readonly [Assignment, number])[]): readonly Assignment[] {
    const assignments = entries.map(([assignment]) => assignment);
    for (const assignment of assignments) this.#held.delete(assignment);
    return assignments;
  }
}
