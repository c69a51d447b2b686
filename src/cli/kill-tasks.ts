import { providerFrom } from '../provider/index.ts';
import { checkTaskIds } from './exact-tasks.ts';
import { ExitCode } from './exit-code.ts';
import { sayNothingMatched } from './nothing-matched.ts';
import type { TrustOptions } from './option-values.ts';
import { shortName } from './select-queues.ts';
import { type FilterOptions, taskFilter } from './task-filter-options.ts';
import { withQueues } from './with-queues.ts';

export interface KillOptions extends FilterOptions, TrustOptions {
  readonly queue: readonly string[];
  readonly manager?: true;
}

/** Ends tasks, and managers where asked for, and resolves when the processes of the tasks are gone. */
export async function killTasks({ queue: words, manager, trust, ...options }: KillOptions): Promise<void> {
  await withQueues(
    words,
    async (queues) => {
      await checkTaskIds(queues, options.tid);
      const filter = taskFilter({ state: ['RUNNING'], ...options });
      let sum = 0;
      for (const queue of queues) {
        const managers = manager === true ? (await queue.managers()).length : 0;
        const count = await queue.kill(filter, { manager: manager === true });
        if (count + managers === 0) continue;
        sum += count + managers;
        const ended = managers > 0 ? `, managers told to end: ${managers}` : '';
        process.stdout.write(`${shortName(queue.path)}: ${count} killed${ended}\n`);
      }
      if (sum === 0) sayNothingMatched('task', queues, { ...options, ...filter });
    },
    { trust },
  );
}

/** Ends jobs of a provider. */
export async function killJobs(name: string, jobs: readonly string[]): Promise<void> {
  const provider = providerFrom(name);
  const states = await provider.status(jobs);
  const gone = jobs.filter((job) => states.get(job) === 'ended');
  await provider.stop(jobs.filter((job) => !gone.includes(job)));
  for (const job of jobs)
    process.stdout.write(`${job}: ${gone.includes(job) ? 'has ended before' : 'told to end'}\n`);
  if (gone.length === jobs.length) process.exitCode = ExitCode.FAILED;
}
