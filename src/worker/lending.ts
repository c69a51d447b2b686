import { currentTask, type RunningTask } from '../context/index.ts';
import type { QueueHost } from '../queue/index.ts';
import type { Channel } from './channel.ts';

/** While a task awaits a Future its slot is another's; it goes on when the agent gives it one again. */
export class Lending {
  readonly #channel: Channel;
  /** How many Futures each attempt awaits now. */
  readonly #waits = new WeakMap<RunningTask, number>();
  readonly #granted = new Map<number, () => void>();

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /** From now on waiting for a Future of this queue lends the slot. */
  watch(host: QueueHost): void {
    host.whileWaiting ??= () => this.#wait(currentTask());
  }

  /** The agent gave a task its slot back. */
  grant(row: number): void {
    this.#granted.get(row)?.();
    this.#granted.delete(row);
  }

  #wait(task: RunningTask | undefined): () => Promise<void> {
    if (task === undefined || task.isOver) return async () => undefined;
    const before = this.#waits.get(task) ?? 0;
    this.#waits.set(task, before + 1);
    if (before === 0) this.#channel.send({ type: 'waiting', task: task.row });
    return async () => {
      const left = (this.#waits.get(task) ?? 1) - 1;
      this.#waits.set(task, left);
      if (left > 0 || task.isOver) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#granted.set(task.row, resolve);
      this.#channel.send({ type: 'resume', task: task.row });
      await promise;
    };
  }
}
