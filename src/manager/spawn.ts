import { PipeError } from '../errors.ts';
import type { SpawnOptions, SpawnResult, TaskStateName } from '../model/index.ts';
import { Future, isInWorker, Queue, type QueueHost } from '../queue/index.ts';
import { startDetached } from './detach.ts';
import { type ManagerOptions, parseSpawnOptions } from './options.ts';
import { Run } from './run.ts';

/** What to run: all tasks of queues, or what Futures need. */
export type SpawnTarget = Queue | Future | readonly (Queue | Future)[];

/**
 * Runs what is to be done and resolves when nothing is pending or running. Where a manager is alive it joins and
 * waits. It never rejects because a task failed. Progress goes to standard error.
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
  const parsed = parseSpawnOptions(options);
  const wanted = [...byQueue(target)];
  for (const [host] of wanted) host.submitter.flushNow();
  if (parsed.detach) return combine(wanted.map(([host, futures]) => detach(host, futures, options)));
  return combine(await Promise.all(wanted.map(([host, futures]) => runQueue(host, futures, parsed))));
}

function byQueue(target: SpawnTarget): Map<QueueHost, Future[] | undefined> {
  const wanted = new Map<QueueHost, Future[] | undefined>();
  for (const one of [target].flat() as (Queue | Future)[]) {
    if (one instanceof Queue) wanted.set(Queue.hostOf(one), undefined);
    else if (one instanceof Future) {
      const host = Future.hostOf(one) as QueueHost;
      if (wanted.has(host) && wanted.get(host) === undefined) continue;
      wanted.set(host, [...(wanted.get(host) ?? []), one]);
    } else
      throw new PipeError(
        'ARGUMENT_INVALID',
        'spawn() takes queues or Futures. An app must be called first.',
      );
  }
  return wanted;
}

async function runQueue(
  host: QueueHost,
  futures: readonly Future[] | undefined,
  options: ManagerOptions,
): Promise<SpawnResult> {
  const rows = futures?.map((future) => Future.rowOf(future));
  return await new Run(host, rows, options).run();
}

function detach(host: QueueHost, futures: readonly Future[] | undefined, options: SpawnOptions): SpawnResult {
  const rows = futures?.map((future) => Future.rowOf(future));
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
