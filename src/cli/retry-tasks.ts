import { changedCode } from '../insight/index.ts';
import { Queue, type TaskFilter, taskQuery } from '../queue/index.ts';
import { codesOfTasks } from '../store/index.ts';
import { checkTaskIds } from './exact-tasks.ts';
import { sayNothingMatched } from './nothing-matched.ts';
import type { TrustOptions } from './option-values.ts';
import { shortName } from './select-queues.ts';
import { type DetachOptions, managerOptions, startManagers } from './start-manager.ts';
import { type FilterOptions, taskFilter } from './task-filter-options.ts';
import { withQueues } from './with-queues.ts';

export interface RetryOptions extends FilterOptions, DetachOptions, TrustOptions {
  readonly queue: readonly string[];
  readonly downstream?: true;
}

/** Makes ended tasks due again, and says where the code they run with is older than the script. */
export async function retryTasks(options: RetryOptions): Promise<void> {
  const manager = await managerOptions(options);
  await withQueues(
    options.queue,
    async (queues) => {
      await checkTaskIds(queues, options.tid);
      const filter = taskFilter({ state: ['FAILED', 'KILLED', 'UNKNOWN'], ...options });
      let sum = 0;
      for (const queue of queues) {
        const older = olderCode(queue, filter);
        const count = await queue.retry(filter, { downstream: options.downstream === true });
        sum += count;
        if (count === 0) continue;
        process.stdout.write(`${shortName(queue.path)}: ${count} to run again\n`);
        process.stderr.write(older);
      }
      if (sum === 0) sayNothingMatched('ended task', queues, { ...options, ...filter });
      else await startManagers(queues, manager);
    },
    options,
  );
}

function olderCode(queue: Queue, filter: TaskFilter): string {
  const { store } = Queue.hostOf(queue);
  const codes = store.read((db) => codesOfTasks(db, taskQuery(store, filter)));
  const programs = new Map(codes.map(({ program, name }) => [program, name]));
  const older = new Map(changedCode(queue, programs).map((one) => [one.name, one]));
  return [...older.values()]
    .map(
      ({ name, changed, file }) =>
        `tspipe: the queue holds older code of ${name}${changed === name ? '' : ` (${changed})`} than ${file}, and runs that. ` +
        'To use the new code, run the script again.\n',
    )
    .join('');
}
