// Many agents, as of several hosts, on one shared queue.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Queue, TaskManager } from 'tspipe';

const CLI = join(import.meta.dirname, '../../bin/tspipe.js');
// So many tasks wait at least while there is time: agents without work leave.
const STOCK = 600;
const FAN = 10;

export interface HostsPlan {
  /** For what the tasks write; on a disk of this machine. */
  readonly folder: string;
  /** Folders of the queue, as each host sees it. */
  readonly hosts: readonly string[];
  readonly agents: number;
  readonly seconds: number;
}

export interface HostsReport {
  readonly tasks: number;
  /** Whether agents had names of hosts of their own. */
  readonly named: boolean;
  readonly faults: readonly string[];
}

interface Ended {
  readonly code: number | null;
  readonly text: string;
}

/** Lets agents work on what is added for some time; the tasks' own file, opened with O_APPEND, tells what ran. */
export async function runHosts({ folder, hosts, agents, seconds }: HostsPlan): Promise<HostsReport> {
  const log = join(folder, 'log');
  writeFileSync(log, '');
  const queue = new Queue('q', { baseDir: hosts[0] ?? folder, shared: true });
  const tm = new TaskManager({ queue, scheduler: { maxWorkers: agents } });
  const { mark, sum } = tm.apps({
    async mark(n: number, file: string) {
      const { appendFileSync } = await import('node:fs');
      appendFileSync(file, `${n}\n`);
      return n;
    },
    sum: (numbers: number[]) => numbers.reduce((a, b) => a + b, 0),
  });
  let count = 0;
  const add = async (): Promise<void> => {
    for (let fan = 0; fan < STOCK / FAN; fan++) sum(Array.from({ length: FAN }, () => mark(count++, log)));
    await queue.flush();
  };
  await add();
  const named = canName();
  const running = Array.from({ length: agents }, (_, agent) =>
    ended(
      startAgent(join(hosts[agent % hosts.length] ?? folder, 'q'), named ? `node${agent % 4}` : undefined),
    ),
  );
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    if ((await queue.counts({ state: 'PENDING' })) < STOCK) await add();
    await delay(200);
  }
  const all = await Promise.all(running);
  const faults = [...all.flatMap(faultsOf), ...(await faultsIn(queue, { count, log }))];
  queue.close();
  return { tasks: count + count / FAN, named, faults };
}

function startAgent(queue: string, host: string | undefined): ChildProcess {
  const command = [process.execPath, CLI, 'work', '-q', queue, '--max-workers', '1'];
  const [file = '', ...words] =
    host === undefined
      ? command
      : ['unshare', '-u', 'sh', '-c', `hostname ${host}; exec "$@"`, 'sh', ...command];
  return spawn(file, words, { stdio: ['ignore', 'ignore', 'pipe'] });
}

async function ended(child: ChildProcess): Promise<Ended> {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  return await new Promise((resolve) => child.once('close', (code) => resolve({ code, text })));
}

function faultsOf({ code, text }: Ended): string[] {
  const rest = text.split('\n').filter((line) => line !== '' && !line.includes('the agent has ended'));
  return code === 0 && rest.length === 0 ? [] : [`an agent ended with ${code}: ${rest.join(' ')}`];
}

/** What was lost, or done twice. */
async function faultsIn(
  queue: Queue,
  { count, log }: { readonly count: number; readonly log: string },
): Promise<string[]> {
  const faults: string[] = [];
  const lines = readFileSync(log, 'utf8').trim().split('\n').map(Number);
  if (lines.length !== count || new Set(lines).size !== count)
    faults.push(`${count} tasks, and ${lines.length} lines, ${new Set(lines).size} of them different`);
  const summary = await queue.summary();
  if (summary.SUCCEEDED !== count + count / FAN) faults.push(`the queue says ${JSON.stringify(summary)}`);
  let total = 0;
  for await (const one of queue.results('sum')) total += Number(one);
  if (total !== (count * (count - 1)) / 2) faults.push(`the sums make ${total}`);
  return faults;
}

/** Whether processes can be given another name of the host than this one's. */
function canName(): boolean {
  try {
    execFileSync('unshare', ['-u', 'hostname', 'other'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
