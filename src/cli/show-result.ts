import { inspect } from 'node:util';
import { PipeError } from '../errors.ts';
import { plainJson, showsMoreThan } from '../insight/index.ts';
import { Queue, type Task, taskErrorOf } from '../queue/index.ts';
import { quoteShell, visibleLine, visibleText } from '../util/index.ts';
import { checkTaskIds } from './exact-tasks.ts';
import { ExitCode } from './exit-code.ts';
import { foreignText, jsonText, print } from './print.ts';
import { hasColour } from './terminal.ts';
import { withQueues } from './with-queues.ts';

/** Writes the result of a task to standard output. Throws the task's error where it did not succeed. */
export async function showResult(
  name: string,
  word: string,
  { asJson }: { readonly asJson: boolean },
): Promise<void> {
  await withQueues([name], async (queues) => {
    if (queues.length !== 1) throw severalQueues(name, queues);
    for (const queue of queues) await show(queue, await findTask(queue, word), asJson);
  });
}

async function show(queue: Queue, task: Task, asJson: boolean): Promise<void> {
  const { state } = task;
  if (state === 'SUCCEEDED') {
    const { result } = task;
    await print(asJson ? `${jsonText(plainJson(result), 2)}\n` : describe(result));
  } else if (state === 'WAITING' || state === 'PENDING' || state === 'RUNNING') {
    process.stderr.write(
      `tspipe: ${visibleLine(task.name)}[${task.index}] (task ${task.id}) has no result yet, it is ${state}.\n`,
    );
    process.exitCode = ExitCode.FAILED;
  } else throw taskErrorOf(Queue.hostOf(queue).store, task.row);
}

/** `fit[3]` means the newest task of that call. */
async function findTask(queue: Queue, word: string): Promise<Task> {
  const [, name, index] = /^(.+)\[(\d+)\]$/.exec(word) ?? [];
  if (name === undefined) {
    await checkTaskIds([queue], [word]);
    return await queue.task(word);
  }
  const task = (await queue.tasks({ name, index: Number(index) })).at(-1);
  if (task !== undefined) return task;
  throw new PipeError(
    'TASK_NOT_FOUND',
    `There is no task ${word} in ${queue.path}. See: tspipe tasks -q ${quoteShell(queue.path)}`,
  );
}

function severalQueues(name: string, queues: readonly Queue[]): PipeError {
  const paths = queues.map(({ path }) => path).join(', ');
  return new PipeError('QUEUE_NAME_INVALID', `"${name}" means several queues: ${paths}. Name one.`);
}

function describe(result: unknown): string {
  if (typeof result === 'string') return foreignText(result.endsWith('\n') ? result : `${result}\n`);
  const shown = inspect(result, {
    // A million objects take some seconds.
    depth: showsMoreThan(result, 1_000_000) ? 4 : Infinity,
    maxArrayLength: Infinity,
    maxStringLength: Infinity,
    colors: hasColour(process.stdout),
  });
  // What is shown of a text is escaped; names of classes and messages of errors are not.
  return `${process.stdout.isTTY ? visibleText(shown, { keepsColours: true }) : shown}\n`;
}
