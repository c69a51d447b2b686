import { showSeconds, TextTable } from '../insight/index.ts';
import { Task } from '../queue/index.ts';
import { showTask } from './show-task.ts';

const SHOWN_ROWS = 200;

/** A writer for terminals: tables for lists of tasks, a page for one task, anything else as before. */
export function showValueWith(write: (value: unknown) => string): (value: unknown) => string {
  const show = (value: unknown): string => {
    if (value instanceof Task) return showTask(value, write);
    if (Array.isArray(value) && value.length > 0 && value.every((one) => one instanceof Task)) {
      return tableOf(value);
    }
    return write(value);
  };
  return Object.assign(show, write);
}

function tableOf(tasks: readonly Task[]): string {
  const table = new TextTable(['STATE', 'TASK', 'ID', 'TIME', 'JOB'], process.stdout.columns || Infinity);
  const rows = tasks
    .slice(0, SHOWN_ROWS)
    .map((task) => [
      task.state,
      `${task.name}[${task.index}]`,
      task.id,
      showSeconds(task.dtime),
      task.jobid ?? '',
    ]);
  const more = tasks.length - rows.length;
  return [...table.lines(rows), ...(more > 0 ? [`… and ${more} more`] : [])].join('\n');
}
