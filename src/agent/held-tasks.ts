import type { Assignment } from './assignment.ts';

/** What a worker was sent and has not answered, in the order in which it begins them: first those in its slots. */
export class HeldTasks {
  readonly #slots: number;
  /** By the numbers of the orders. */
  readonly #held = new Map<number, Assignment>();
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
    for (const assignment of this.#held.values()) {
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
    return [...this.#held.values()].some((assignment) => assignment.task === task);
  }

  /** Adds one at the end; returns its number, counted from 1. */
  add(assignment: Assignment): number {
    this.#held.set(++this.#sent, assignment);
    return this.#sent;
  }

  /** Takes one out that is, or was, in a slot: it is among the first. */
  delete(assignment: Assignment): void {
    for (const [order, held] of this.#held) {
      if (held !== assignment) continue;
      this.#held.delete(order);
      return;
    }
  }

  /** Takes out those beyond the slots, of later orders than `begun`. */
  takeAhead(begun: number): readonly Assignment[] {
    const ahead = [...this.#held.keys()].slice(this.#slots);
    return this.takeOrders(ahead.filter((order) => order > begun));
  }

  /** Takes out those of these orders. */
  takeOrders(orders: readonly number[]): readonly Assignment[] {
    return orders.flatMap((order) => {
      const assignment = this.#held.get(order) ?? [];
      this.#held.delete(order);
      return assignment;
    });
  }
}
