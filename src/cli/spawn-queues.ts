import { spawn, spawnTasks } from '../manager/index.ts';
import type { SpawnResult } from '../model/index.ts';
import type { Queue } from '../queue/index.ts';
import type { SpawnOptions } from '../task-manager/index.ts';
import { quoteShell } from '../util/index.ts';
import { checkTaskIds } from './exact-tasks.ts';
import { ExitCode } from './exit-code.ts';
import { sayNothingMatched } from './nothing-matched.ts';
import type { TrustOptions } from './option-values.ts';
import type { OverrideOptions } from './override-options.ts';
import { readOverrides } from './overrides.ts';
import { describeFilter, type FilterOptions, taskFilter } from './task-filter-options.ts';
import { withQueues } from './with-queues.ts';

export interface SpawnCommandOptions extends FilterOptions, OverrideOptions, TrustOptions {
  readonly queue: readonly string[];
  readonly timeout?: number;
  readonly timestep?: number;
  readonly mode?: string[];
  readonly maxWorkers?: number;
  readonly stopAfterFailures?: number;
  readonly detach?: true;
  readonly spawn?: true;
}

/** Runs the tasks of queues, or those that a filter means and what they require, and sets the exit code. */
export async function spawnQueues(options: SpawnCommandOptions): Promise<void> {
  let isInterrupted = false;
  process.on('SIGINT', () => {
    isInterrupted = true;
  });
  const detach = options.detach === true || options.spawn === true;
  const wanted = { ...readOverrides(options), ...givenOptions(options), detach };
  await withQueues(
    options.queue,
    async (queues) => {
      const tasks = await chosenTasks(queues, options);
      if (tasks?.size === 0) {
        sayNothingMatched('task', queues, options);
        return;
      }
      const result = await (tasks === undefined ? spawn(queues, wanted) : spawnTasks(tasks, wanted));
      if (detach) {
        sayDetached(tasks === undefined ? queues : [...tasks.keys()]);
        return;
      }
      if (tasks !== undefined) hintAtRetry(result);
      if (isInterrupted) process.exitCode = ExitCode.INTERRUPTED;
      else if (!isAllDone(result)) process.exitCode = ExitCode.FAILED;
    },
    options,
  );
}

function givenOptions(options: SpawnCommandOptions): SpawnOptions {
  const { timeout, timestep, mode, maxWorkers, stopAfterFailures } = options;
  const given = { timeout, timestep, mode, maxWorkers, stopAfterFailures };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** Row ids by queue, of those that have some; undefined where the options do not choose tasks. */
async function chosenTasks(
  queues: readonly Queue[],
  options: FilterOptions,
): Promise<ReadonlyMap<Queue, readonly number[]> | undefined> {
  if (describeFilter(options) === '') return undefined;
  await checkTaskIds(queues, options.tid);
  const chosen = new Map<Queue, readonly number[]>();
  for (const queue of queues) {
    const rows = await queue.tasks({ ...taskFilter(options), property: 'row' });
    if (rows.length > 0) chosen.set(queue, rows);
  }
  return chosen;
}

function sayDetached(queues: readonly Queue[]): void {
  for (const { path } of queues)
    process.stderr.write(
      `tspipe: a manager sees to ${path} now; follow it with: tspipe queues -q ${quoteShell(path)}\n`,
    );
}

/** Who names tasks that failed before expects them to run. */
function hintAtRetry({ succeeded, failed, counts }: SpawnResult): void {
  if (succeeded + failed > 0 || counts.FAILED + counts.KILLED + counts.UNKNOWN === 0) return;
  process.stderr.write('tspipe: none of these tasks was due. To run ended ones again: tspipe retry\n');
}

function isAllDone({ stopped, failed, blocked }: SpawnResult): boolean {
  return stopped === 'done' && failed === 0 && blocked === 0;
}
