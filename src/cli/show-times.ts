import { type AppTimes, appTimes, showSeconds, TextTable } from '../insight/index.ts';
import { sayNothingMatched } from './nothing-matched.ts';
import { JsonList, print } from './print.ts';
import { type FilterOptions, taskFilter } from './task-filter-options.ts';
import { terminalWidth } from './terminal.ts';
import { withQueues } from './with-queues.ts';

/** Writes the times of apps to standard output. */
export async function showTimes(
  words: readonly string[],
  options: FilterOptions,
  { asJson }: { readonly asJson: boolean },
): Promise<void> {
  await withQueues(words, async (queues) => {
    const list = new JsonList();
    const filter = taskFilter({ state: ['SUCCEEDED'], ...options });
    let count = 0;
    for (const queue of queues) {
      const times = await appTimes(queue, filter);
      count += times.length;
      if (asJson) await list.add(times);
      else if (times.length > 0) {
        const title = queues.length > 1 ? `${queue.path}\n` : '';
        await print(`${title}${table(times).join('\n')}\n`);
      }
    }
    if (asJson) await list.end();
    if (count === 0) sayNothingMatched('task with a time', queues, { ...options, ...filter });
  });
}

function table(times: readonly AppTimes[]): string[] {
  const header = ['APP', 'TASKS', 'MEAN', 'DEVIATION', 'MEDIAN', 'MAXIMUM', 'TOTAL'];
  return new TextTable(header, terminalWidth(process.stdout)).lines(
    times.map(({ name, count, mean, deviation, median, maximum, total }) => [
      name,
      String(count),
      ...[mean, deviation, median, maximum, total].map(showSeconds),
    ]),
  );
}
