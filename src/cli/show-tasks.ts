import { showSeconds, type TaskEntry, taskPages, TextTable } from '../insight/index.ts';
import { Queue } from '../queue/index.ts';
import { visibleLine } from '../util/index.ts';
import { foreignText, JsonList, print } from './print.ts';
import { sayNothingMatched } from './nothing-matched.ts';
import { openQueues } from './select-queues.ts';
import { type FilterOptions, taskFilter } from './task-filter-options.ts';
import { terminalWidth } from './terminal.ts';

/** What `--property` takes. */
export type ShownProperty = 'jobid' | 'errno' | 'err' | 'out';

/** One task as `tasks --json` shows it; `out` and `err` where `--property` asks for them. */
export interface ShownTask extends TaskEntry {
  readonly out?: string;
  readonly err?: string;
}

interface Shape {
  readonly properties: readonly ShownProperty[];
  readonly asJson: boolean;
}

/** Writes tasks to standard output, page by page. */
export async function showTasks(
  words: readonly string[],
  options: FilterOptions,
  { properties, asJson }: Shape,
): Promise<void> {
  const queues = openQueues(words);
  const write = asJson ? jsonWriter() : properties.length > 0 ? propertyWriter(properties) : tableWriter();
  let count = 0;
  try {
    for (const queue of queues) {
      if (!asJson && properties.length === 0 && queues.length > 1) await print(`${queue.path}\n`);
      for await (const page of taskPages(queue, taskFilter(options))) {
        count += page.length;
        await write.add(page.map(({ entry, row }) => withText(queue, entry, { row: row.id, properties })));
      }
    }
    await write.end();
    if (count === 0) sayNothingMatched('task', queues, options);
  } finally {
    for (const queue of queues) queue.close();
  }
}

interface TaskWriter {
  add(tasks: readonly ShownTask[]): Promise<void>;
  end(): Promise<void>;
}

function jsonWriter(): TaskWriter {
  return new JsonList();
}

function tableWriter(): TaskWriter {
  const table = new TextTable(['STATE', 'TASK', 'ID', 'TIME', 'JOB'], terminalWidth(process.stdout));
  return {
    add: async (tasks) => {
      const rows = tasks.map(({ state, name, index, id, seconds, jobid, due }) => [
        due === null ? state : `${state} ${untilDue(due)}`,
        `${name}[${index}]`,
        id,
        showSeconds(seconds),
        jobid ?? '',
      ]);
      await print(`${table.lines(rows).join('\n')}\n`);
    },
    end: async () => undefined,
  };
}

/** How long a task waits out its delay yet. */
function untilDue(due: string): string {
  return `in ${showSeconds(Math.max(1, Math.ceil((Date.parse(due) - Date.now()) / 1000)))}`;
}

/** Numbers for other programs to read, a line each; texts under a title, as `tail` shows several files. */
function propertyWriter(properties: readonly ShownProperty[]): TaskWriter {
  return {
    add: async (tasks) => {
      for (const task of tasks) {
        for (const property of properties) await print(describe(task, property));
      }
    },
    end: async () => undefined,
  };
}

function describe(task: ShownTask, property: ShownProperty): string {
  const value = task[property] ?? null;
  if (property === 'jobid' || property === 'errno') return value === null ? '' : `${value}\n`;
  const title = `==> ${property} of ${visibleLine(task.name)}[${task.index}] ${task.id} ${task.state} <==`;
  const text = foreignText(String(value ?? ''));
  return `${title}\n${text === '' || text.endsWith('\n') ? text : `${text}\n`}`;
}

function withText(
  queue: Queue,
  entry: TaskEntry,
  { row, properties }: { readonly row: number; readonly properties: readonly ShownProperty[] },
): ShownTask {
  const wanted = properties.filter((property) => property === 'out' || property === 'err');
  if (wanted.length === 0) return entry;
  const task = Queue.hostOf(queue).taskAt(row);
  return { ...entry, ...Object.fromEntries(wanted.map((property) => [property, task[property]])) };
}
