import { Worker as Thread } from 'node:worker_threads';
import { leaseMs, type Store, type Transaction, writeBeat } from '../store/index.ts';
import { log } from '../util/index.ts';

// Parts of the lease after which an agent shows that it goes on, ends its workers, and is ended itself.
const BEAT = 1 / 8;
const GIVE_UP = 1 / 2;
const END = 3 / 4;

/**
 * What an agent of a shared queue may hold tasks by. Others cannot see whether it lives, only whether its number in the
 * file moves; once that has stood still for the whole lease its tasks are UNKNOWN, and may be run again. So where it
 * cannot move it for half of the lease, it ends its workers. Where not even that can be done, since the disk does not
 * answer and holds up this thread, another thread ends the process, and the workers go with it.
 */
export class Lease {
  readonly #ms: number;
  readonly #agent: number;
  readonly #guard: Thread;
  /** Moves with each renewal, for the guard to see. */
  readonly #renewals = new Int32Array(new SharedArrayBuffer(4));
  readonly #timer: NodeJS.Timeout;
  /** In milliseconds of the monotonic clock. */
  #renewedAt = performance.now();
  #isOver = false;

  constructor(
    store: Store,
    agent: number,
    { due, over }: { readonly due: () => void; readonly over: () => void },
  ) {
    this.#ms = store.read(leaseMs);
    this.#agent = agent;
    const extension = import.meta.filename.endsWith('.ts') ? 'ts' : 'js';
    this.#guard = new Thread(new URL(`../agent/guard.${extension}`, import.meta.url), {
      workerData: { renewals: this.#renewals, ms: this.#ms * END },
    });
    this.#guard.unref();
    this.#timer = setInterval(
      () => {
        if (this.#isDue) due();
        if (!this.#isLate) return;
        if (!this.#isOver) log.warn(`${store.path} could not be written for long: ending what runs.`);
        this.#isOver = true;
        over();
      },
      (this.#ms * BEAT) / 2,
    );
  }

  /** Call in each transaction of the agent; what it returns is to be called once that is committed. */
  renew(tx: Transaction): () => void {
    if (!this.#isDue) return () => undefined;
    const began = performance.now();
    writeBeat(tx, this.#agent);
    return () => {
      this.#renewedAt = began;
      Atomics.add(this.#renewals, 0, 1);
    };
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#guard.terminate();
  }

  get #isDue(): boolean {
    return performance.now() - this.#renewedAt > this.#ms * BEAT;
  }

  get #isLate(): boolean {
    return performance.now() - this.#renewedAt > this.#ms * GIVE_UP;
  }
}
