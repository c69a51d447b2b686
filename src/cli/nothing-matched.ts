import type { Queue } from '../queue/index.ts';
import { ExitCode } from './exit-code.ts';
import { describeFilter, type FilterOptions } from './task-filter-options.ts';

/** Says on standard error that no task is meant, and sets the exit code, where something was asked for. */
export function sayNothingMatched(what: string, queues: readonly Queue[], options: FilterOptions): void {
  const filter = describeFilter(options);
  const where = queues.map(({ path }) => path).join(', ');
  const asked = filter === '' ? '' : ` that matches ${filter}`;
  process.stderr.write(`tspipe: there is no ${what}${asked} in ${where}. See: tspipe tasks -q ${where}\n`);
  process.exitCode = ExitCode.FAILED;
}
