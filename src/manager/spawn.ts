import { loadConfig } from '../config/index.ts';
import { PipeError } from '../errors.ts';
import type { SpawnResult, TaskStateName } from '../model/index.ts';
import { Future, isInWorker, Queue, type QueueHost } from '../queue/index.ts';
import type { SpawnOptions } from '../task-manager/index.ts';
import { startDetached } from './detach.ts';
import { parseSpawnOptions } from './options.ts';
import { Run } from './run.ts';

/** What to run: all tasks of queues, or what Futures need. */
export type SpawnTarget = Queue | Future | readonly (Queue | Future)[];

/**
 * Runs what is to be done and resolves when nothing is pending or running. Where a manager is alive it joins and
 * waits. It never rejects because a task failed. Progress goes to standard error. Agents and workers end right after;
 * the process stays until they have, unless the queue is closed.
 *
 * Throws `SPAWN_IN_TASK` inside a task, `OPTION_INVALID`, and `AGENT_FAILED` where no agent can be started.
 *
 * @example
 * const { succeeded, failed } = await spawn(queue);
 * await spawn([future1, future2]); // only what these two need
 */
export async function spawn(target: SpawnTarget, options: SpawnOptions = {}): Promise<SpawnResult> {
  if (isInWorker()) {
    throw new PipeError(
      'SPAWN_IN_TASK',
      'spawn() cannot be called inside a task: call the app and return its Future.',
    );
  }
  return await run(byQueue(target), options);
}

/** The same for tasks that are there already, by their row ids, and what these need. */
export async function spawnTasks(
  rows: ReadonlyMap<Queue, readonly number[]>,
  options: SpawnOptions = {},
): Promise<SpawnResult> {
  return await run(new Map([...rows].map(([queue, list]) => [Queue.hostOf(queue), list])), options);
}

/** Row ids of the tasks that are asked for; undefined for the whole queue. */
type Rows = readonly number[] | undefined;

async function run(wanted: ReadonlyMap<QueueHost, Rows>, options: SpawnOptions): Promise<SpawnResult> {
  const parsed = parseSpawnOptions(options);
  // Agents inherit from it what is named like a secret.
  loadConfig();
  for (const host of wanted.keys()) host.assertRunnable();
  if (parsed.detach) return combine([...wanted].map(([host, rows]) => detach(host, rows, options)));
  return combine(await Promise.all([...wanted].map(([host, rows]) => new Run(host, rows, parsed).run())));
}

function byQueue(target: SpawnTarget): Map<QueueHost, Rows> {
  const wanted = new Map<QueueHost, Future[] | undefined>();
  for (const one of [target].flat() as (Queue | Future)[]) {
    if (one instanceof Queue) wanted.set(Queue.hostOf(one), undefined);
    else if (one instanceof Future) {
      const host = Future.hostOf(one) as QueueHost;
      const others = wanted.get(host);
      if (others !== undefined) others.push(one);
      else if (!wanted.has(host)) wanted.set(host, [one]);
    } else
      throw new PipeError(
        'ARGUMENT_INVALID',
        'spawn() takes queues or Futures. An app must be called first.',
      );
  }
  for (const host of wanted.keys()) host.submitter.flushNow();
  return new Map([...wanted].map(([host, list]) => [host, list?.map((future) => Future.rowOf(future))]));
}

function detach(host: QueueHost, rows: Rows, options: SpawnOptions): SpawnResult {
  startDetached(host.store.path, { ...options, detach: false }, rows);
  return {
    stopped: 'done',
    counts: host.summary({}),
    succeeded: 0,
    failed: 0,
    blocked: 0,
    reused: host.counts.reused,
  };
}

const SEVERITY = ['done', 'paused', 'timeout', 'error'] as const;

function combine(results: readonly SpawnResult[]): SpawnResult {
  return results.reduce((a, b) => ({
    stopped: SEVERITY.indexOf(a.stopped) > SEVERITY.indexOf(b.stopped) ? a.stopped : b.stopped,
    counts: Object.fromEntries(
      Object.entries(a.counts).map(([state, count]) => [state, count + b.counts[state as TaskStateName]]),
    ) as Record<TaskStateName, number>,
    succeeded: a.succeeded + b.succeeded,
    failed: a.failed + b.failed,
    blocked: a.blocked + b.blocked,
    reused: a.reused + b.reused,
  }));
}
