import { type Command, Option } from 'commander';
import { PipeError } from '../errors.ts';
import type { Queue } from '../queue/index.ts';
import type { SpawnOptions } from '../task-manager/index.ts';
import { addOverrideOptions, type OverrideOptions } from './override-options.ts';

/** What `--spawn` and `--detach` say, and how the manager is to work. */
export interface DetachOptions extends OverrideOptions {
  readonly spawn?: true;
  readonly detach?: true;
}

/** Adds `--spawn` and its other word `--detach`, and what they may be told. */
export function addDetachOptions(command: Command): Command {
  return addOverrideOptions(
    command
      .option('--spawn', 'start a manager process of its own, where none is alive')
      .addOption(new Option('--detach', 'another word for --spawn')),
  );
}

/**
 * How the managers are to be started; undefined where none is asked for. To be called before anything is changed.
 * Throws `OPTION_INVALID` for what is without meaning then, and `NAME_UNKNOWN`.
 */
export async function managerOptions(options: DetachOptions): Promise<SpawnOptions | undefined> {
  if (options.spawn === true || options.detach === true) {
    const { readOverrides } = await import('./overrides.ts');
    return { ...readOverrides(options), detach: true };
  }
  if (options.provider === undefined && options.profile === undefined) return undefined;
  const word = options.provider === undefined ? '--profile' : '--provider';
  throw new PipeError('OPTION_INVALID', `${word} is for the manager that --spawn starts. Add --spawn.`);
}

/** Starts a detached manager for each queue, where `options` are given. */
export async function startManagers(
  queues: readonly Queue[],
  options: SpawnOptions | undefined,
): Promise<void> {
  if (options === undefined) return;
  const { spawn } = await import('../manager/index.ts');
  await spawn(queues, options);
  for (const { path } of queues) process.stdout.write(`a manager sees to ${path} now\n`);
}
