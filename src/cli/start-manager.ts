import { type Command, Option } from 'commander';
import type { Queue } from '../queue/index.ts';

/** What `--spawn` and `--detach` say. */
export interface DetachOptions {
  readonly spawn?: true;
  readonly detach?: true;
}

/** Adds `--spawn` and its other word `--detach`. */
export function addDetachOptions(command: Command): Command {
  return command
    .option('--spawn', 'start a manager process of its own, where none is alive')
    .addOption(new Option('--detach', 'another word for --spawn'));
}

/** Starts a detached manager for each queue, where the options ask for it. */
export async function startManagers(queues: readonly Queue[], options: DetachOptions): Promise<void> {
  if (options.spawn !== true && options.detach !== true) return;
  const { spawn } = await import('../manager/index.ts');
  await spawn(queues, { detach: true });
  for (const { path } of queues) process.stdout.write(`a manager sees to ${path} now\n`);
}
