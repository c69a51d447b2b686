import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { loadConfig } from '../config/index.ts';
import { PipeError } from '../errors.ts';
import { stateName, TaskState } from '../model/index.ts';
import { providerFrom } from '../provider/index.ts';
import { Queue, reapDeadAgents } from '../queue/index.ts';
import {
  completionCursor,
  countEndedSince,
  endProcess,
  insertAgent,
  processRow,
  requestStop,
  type Store,
  writeJob,
  writeSlot,
} from '../store/index.ts';
import { ownProgram, processIdentity } from '../util/index.ts';
import { moreSlots } from './agent-slots.ts';
import { ExitCode } from './exit-code.ts';
import type { TrustOptions } from './option-values.ts';
import type { OverrideOptions } from './override-options.ts';
import { readOverrides } from './overrides.ts';
import { withQueues } from './with-queues.ts';

export interface WorkOptions extends Pick<OverrideOptions, 'profile'>, TrustOptions {
  readonly queue: string;
  readonly mid?: readonly string[];
  readonly maxWorkers?: number;
  readonly timeout?: number;
}

const LOOK_MS = 1000;

/** Runs one agent for a queue as a child process, until it ends by itself or is interrupted. */
export async function runAgent(options: WorkOptions): Promise<void> {
  await withQueues(
    [options.queue],
    async ([queue, ...others]) => {
      if (queue === undefined || others.length > 0) {
        throw new PipeError('QUEUE_NAME_INVALID', `"${options.queue}" means several queues. Name one.`);
      }
      const host = Queue.hostOf(queue);
      host.assertRunnable();
      const { store } = host;
      const cursor = store.read(completionCursor);
      const interrupts = await serve(store, options);
      const ended = store.read((db) => countEndedSince(db, cursor));
      const counts = ended.map(({ state, count }) => `${count} ${stateName(state)}`).join(', ');
      process.stderr.write(`tspipe: the agent has ended; in its time: ${counts || 'nothing'}\n`);
      const isFailed = ended.some(({ state }) => state === TaskState.FAILED || state === TaskState.KILLED);
      if (interrupts > 0) process.exitCode = ExitCode.INTERRUPTED;
      else if (isFailed) process.exitCode = ExitCode.FAILED;
    },
    options,
  );
}

/** Announces an agent, starts it, gives it slots as work appears; resolves to the number of interrupts. */
async function serve(store: Store, options: WorkOptions): Promise<number> {
  // The agent inherits from it what is named like a secret.
  loadConfig();
  const { mid, maxWorkers, timeout } = options;
  const provider = JSON.stringify(providerFrom('local'));
  const overrides = readOverrides(options);
  const limits = { mid, maxWorkers, ...overrides };
  const settings = { announcer: processIdentity(), concurrency: overrides.scheduler?.concurrency };
  const agent = await store.write((tx) => {
    const id = insertAgent(tx, { provider, starter: null, settings: JSON.stringify(settings) });
    for (const slot of moreSlots(tx.db, id, limits)) writeSlot(tx, slot);
    return id;
  });
  const child = spawn(process.execPath, [...ownProgram('agent/main'), store.path, String(agent)], {
    stdio: ['ignore', 'inherit', 'inherit'],
    cwd: '/',
  });
  const stop = (level: 1 | 2): Promise<void> => store.write((tx) => requestStop(tx, agent, level));
  const signals = onSignals(child, stop);
  const giveSlots = (): void => {
    if (store.read((db) => moreSlots(db, agent, limits)).length === 0) return;
    void store.write((tx) => {
      for (const slot of moreSlots(tx.db, agent, limits)) writeSlot(tx, slot);
    });
  };
  const watch = store.watch(giveSlots);
  const timers = [setInterval(giveSlots, LOOK_MS)];
  if (timeout !== undefined) timers.push(setTimeout(() => void stop(1), timeout * 1000));
  try {
    await waitForEnd(child, store, agent);
    return signals.count();
  } finally {
    watch.close();
    for (const timer of timers) clearTimeout(timer);
    signals.close();
    await forget(store, agent);
  }
}

async function waitForEnd(child: ChildProcess, store: Store, agent: number): Promise<void> {
  const ended = once(child, 'exit');
  if (child.pid !== undefined) {
    const job = String(child.pid);
    await store.write((tx) => writeJob(tx, agent, job));
  }
  const [code, signal] = (await ended) as [number | null, NodeJS.Signals | null];
  if (code === 0) return;
  throw new PipeError(
    'AGENT_FAILED',
    `The agent (process ${child.pid}) ended with ${signal ?? `exit code ${code}`}. What it said is above.`,
  );
}

/** Ctrl-C ends the agent after its running tasks, a second one at once; what a batch system says is passed on. */
function onSignals(
  child: ChildProcess,
  stop: (level: 1 | 2) => Promise<void>,
): { readonly count: () => number; readonly close: () => void } {
  let count = 0;
  const interrupt = (): void => {
    count++;
    if (count === 1)
      process.stderr.write('tspipe: ends after the running tasks; Ctrl-C once more ends them now\n');
    void stop(count > 1 ? 2 : 1);
  };
  const terminate = (): void => void child.kill('SIGTERM');
  process.on('SIGINT', interrupt).on('SIGHUP', interrupt).on('SIGTERM', terminate);
  return {
    count: () => count,
    close: () => process.off('SIGINT', interrupt).off('SIGHUP', interrupt).off('SIGTERM', terminate),
  };
}

/** Leaves no trace of an agent that died: its tasks go back, its row ends. */
async function forget(store: Store, agent: number): Promise<void> {
  await reapDeadAgents(store);
  await store.write((tx) => {
    if (processRow(tx.db, agent)?.pid === null) endProcess(tx, agent);
  });
}
