import type { Queue } from '../queue/index.ts';
import { quoteShell, visibleText } from '../util/index.ts';
import { ExitCode } from './exit-code.ts';
import { describeFilter, type FilterOptions } from './task-filter-options.ts';

/** Says on standard error that no task is meant, and sets the exit code, where something was asked for. */
export function sayNothingMatched(what: string, queues: readonly Queue[], options: FilterOptions): void {
  const filter = describeFilter(options);
  const where = queues.map(({ path }) => path).join(', ');
  const paths = queues.map(({ path }) => quoteShell(path)).join(' ');
  const asked = filter === '' ? '' : ` that matches ${filter}`;
  const text = `tspipe: there is no ${what}${asked} in ${where}. See: tspipe tasks -q ${paths}\n`;
  process.stderr.write(visibleText(text));
  process.exitCode = ExitCode.FAILED;
}
