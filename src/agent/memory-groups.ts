import { setTimeout as delay } from 'node:timers/promises';
import { MemoryGroup } from '../util/index.ts';
import type { WorkerProcess } from './worker-process.ts';

interface Limited {
  readonly group: MemoryGroup;
  readonly limit: number;
  /** How many of its processes had been ended before. */
  readonly oomKills: number;
}

// The largest page of any system: the kernel would round down, and end what uses just what it declares.
const PAGE = 64 * 1024;
const CLOSE_TRIES = 100;
const CLOSE_MS = 10;
// The kernel counts in batches: one is ended a little before all is counted.
const NEARLY = 0.9;

/** Control groups of workers whose task declares memory; where none can be had, nothing. */
export class MemoryGroups {
  readonly #groups = new Map<WorkerProcess, MemoryGroup>();
  readonly #limited = new Map<number, Limited>();
  readonly #leftOver = new Set<MemoryGroup>();

  /** Limits the only task of a worker. */
  begin(worker: WorkerProcess, task: number, limit: number): void {
    const group = this.#groups.get(worker) ?? this.#make(worker);
    if (group === undefined) return;
    group.resetPeak();
    const { oomKills } = group;
    const whole = Math.ceil(limit / PAGE) * PAGE;
    if (group.limit(whole)) this.#limited.set(task, { group, limit: whole, oomKills });
  }

  peakOf(task: number): number {
    return this.usedUp(task) ?? this.#limited.get(task)?.group.peak ?? 0;
  }

  /** The bytes that a task used when the kernel ended one of its processes at the limit; undefined where it did not. */
  usedUp(task: number): number | undefined {
    const limited = this.#limited.get(task);
    if (limited === undefined || limited.group.oomKills === limited.oomKills) return undefined;
    // Less was used where the whole machine, or a group above, had no more.
    const { highest } = limited.group;
    return highest < NEARLY * limited.limit ? undefined : Math.max(highest, limited.limit);
  }

  /** The attempt is over. */
  forget(task: number): void {
    this.#limited.get(task)?.group.limit(undefined);
    this.#limited.delete(task);
  }

  /** The worker is gone. */
  left(worker: WorkerProcess): void {
    const group = this.#groups.get(worker);
    if (group === undefined) return;
    this.#groups.delete(worker);
    this.#leftOver.add(group);
    this.sweep();
  }

  /** Removes groups of workers that are gone; one whose processes have yet to end has to wait. */
  sweep(): void {
    for (const group of this.#leftOver) if (group.remove()) this.#leftOver.delete(group);
  }

  /** Waits for the groups of workers that are gone. */
  async close(): Promise<void> {
    for (let tries = 0; this.#leftOver.size > 0 && tries < CLOSE_TRIES; tries++) {
      await delay(CLOSE_MS);
      this.sweep();
    }
  }

  #make(worker: WorkerProcess): MemoryGroup | undefined {
    if (worker.pid === undefined) return undefined;
    const group = MemoryGroup.make(String(worker.options.number));
    if (group === undefined) return undefined;
    if (group.add(worker.pid)) this.#groups.set(worker, group);
    else this.#leftOver.add(group);
    return this.#groups.get(worker);
  }
}
