import { styleText } from 'node:util';
import { TextTable } from '../insight/index.ts';
import type { QueueState, TaskStateName } from '../model/index.ts';
import { Queue } from '../queue/index.ts';
import { visibleLine } from '../util/index.ts';
import { ExitCode } from './exit-code.ts';
import { jsonText } from './print.ts';
import { report } from './report.ts';
import { openQueues, ownDirectory, ownQueueFiles, shortName } from './select-queues.ts';
import { hasColour, terminalWidth } from './terminal.ts';

/** One queue as `queues --json` shows it. */
export interface QueueSummary {
  readonly name: string;
  readonly path: string;
  readonly state: QueueState;
  /** How many tasks it holds. */
  readonly size: number;
  /** Tasks by state; every state is there. */
  readonly counts: Readonly<Record<TaskStateName, number>>;
  /** Whether a manager is alive, as far as can be told. */
  readonly manager: boolean;
  /** How many agents are alive, as far as can be told: they go on without a manager. */
  readonly agents: number;
}

/** Writes the queues of `words`, or all of this user, to standard output. */
export async function showQueues(words: readonly string[] | undefined, asJson: boolean): Promise<void> {
  const summaries = words === undefined ? await summariseOwn() : await summariseAll(openQueues(words));
  if (asJson) process.stdout.write(`${jsonText(summaries, 2)}\n`);
  else if (summaries.length === 0) {
    process.stdout.write(
      `No queues in ${visibleLine(ownDirectory())}. A script makes one with new Queue('name').\n`,
    );
  } else process.stdout.write(`${table(summaries).join('\n')}\n`);
}

async function summariseAll(queues: readonly Queue[]): Promise<QueueSummary[]> {
  const summaries = [];
  for (const queue of queues) summaries.push(await summarise(queue));
  return summaries;
}

/** A file that cannot be read is told of and does not hide the others. */
async function summariseOwn(): Promise<QueueSummary[]> {
  const summaries = [];
  for (const path of ownQueueFiles()) {
    try {
      summaries.push(await summarise(new Queue(path, { create: false })));
    } catch (error) {
      report(error, false);
      process.exitCode = ExitCode.FAILED;
    }
  }
  return summaries;
}

async function summarise(queue: Queue): Promise<QueueSummary> {
  try {
    const counts = await queue.summary();
    return {
      name: shortName(queue.path),
      path: queue.path,
      state: await queue.state(),
      size: Object.values(counts).reduce((sum, count) => sum + count, 0),
      counts,
      manager: (await queue.managers()).length > 0,
      agents: Queue.hostOf(queue).agents().length,
    };
  } finally {
    queue.close();
  }
}

function table(summaries: readonly QueueSummary[]): string[] {
  const rows = summaries.map((one) => [
    one.name,
    one.state,
    describeCounts(one.counts),
    describeProcesses(one),
    one.path,
  ]);
  const lines = new TextTable([], terminalWidth(process.stdout)).lines(rows);
  return lines.map((line, index) => boldStart(line, summaries[index]?.name ?? ''));
}

function describeProcesses({ manager, agents }: QueueSummary): string {
  if (manager) return 'manager alive';
  if (agents === 0) return 'no manager';
  return `${agents} agent${agents === 1 ? '' : 's'}, no manager`;
}

function boldStart(line: string, name: string): string {
  if (!hasColour(process.stdout) || !line.startsWith(name)) return line;
  return styleText('bold', name, { validateStream: false }) + line.slice(name.length);
}

function describeCounts(counts: QueueSummary['counts']): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0);
  return parts.length === 0 ? 'no tasks' : parts.map(([state, count]) => `${count} ${state}`).join(', ');
}
