import { type Command, Option } from 'commander';
import { ExitCode } from '../exit-code.ts';
import { count, queueOption, seconds } from '../option-values.ts';

interface Options {
  readonly queue: readonly string[];
  readonly timeout?: number;
  readonly timestep?: number;
  readonly mode?: string[];
  readonly maxWorkers?: number;
  readonly detach?: true;
  readonly spawn?: true;
}

export function addSpawn(program: Command): Command {
  return program
    .command('spawn')
    .summary('run the tasks of queues')
    .description(
      'Runs the tasks of queues until nothing is pending or running. Where a manager is alive already, waits with it.\n' +
        'Exit code 0 when all succeeded, 1 when some did not.',
    )
    .addOption(queueOption().makeOptionMandatory())
    .option('--timeout <seconds>', 'start nothing more after this time (default: none)', seconds)
    .option('--timestep <seconds>', 'look at the queue at least this often (default: 1)', seconds)
    .option('--mode <mode...>', 'of stop_at_error, retry_at_timeout, no_stream, no_out')
    .option('--max-workers <number>', 'at most so many workers for each task manager', count)
    .option('--detach', 'leave the work to a manager process of its own, and end at once')
    .addOption(new Option('--spawn', 'another word for --detach'))
    .addHelpText('after', '\nExample:\n  tspipe spawn -q ./_tests/pi --max-workers 2')
    .action(run);
}

async function run(options: Options): Promise<void> {
  const [{ openQueues }, { spawn }] = await Promise.all([
    import('../select-queues.ts'),
    import('../../manager/index.ts'),
  ]);
  const detach = options.detach === true || options.spawn === true;
  let isInterrupted = false;
  process.on('SIGINT', () => {
    isInterrupted = true;
  });
  const queues = openQueues(options.queue);
  try {
    const { stopped, failed, blocked } = await spawn(queues, { ...spawnOptions(options), detach });
    if (detach) {
      for (const { path } of queues)
        process.stderr.write(
          `tspipe: a manager sees to ${path} now; follow it with: tspipe queues -q ${path}\n`,
        );
    } else if (isInterrupted) process.exitCode = ExitCode.INTERRUPTED;
    else if (stopped !== 'done' || failed > 0 || blocked > 0) process.exitCode = ExitCode.FAILED;
  } finally {
    for (const queue of queues) queue.close();
  }
}

function spawnOptions({ timeout, timestep, mode, maxWorkers }: Options): object {
  const given = { timeout, timestep, mode, maxWorkers };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
