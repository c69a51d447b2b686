import type { Command } from 'commander';
import { queueOption, trustOption, type TrustOptions } from '../option-values.ts';
import { addDetachOptions, type DetachOptions, managerOptions, startManagers } from '../start-manager.ts';

interface Options extends DetachOptions, TrustOptions {
  readonly queue: readonly string[];
}

export function addResume(program: Command): Command {
  const command = program
    .command('resume')
    .summary('let tasks of paused queues start again')
    .description('Makes paused queues active. Tasks start where a manager is alive; --spawn starts one.')
    .addOption(queueOption().makeOptionMandatory());
  return addDetachOptions(command)
    .addOption(trustOption())
    .addHelpText('after', '\nExample:\n  tspipe resume -q pi --spawn')
    .action(run);
}

async function run({ queue: words, trust, ...detach }: Options): Promise<void> {
  const [{ withQueues }, { shortName }] = await Promise.all([
    import('../with-queues.ts'),
    import('../select-queues.ts'),
  ]);
  const manager = await managerOptions(detach);
  await withQueues(
    words,
    async (queues) => {
      for (const queue of queues) {
        await queue.resume();
        process.stdout.write(`${shortName(queue.path)} is ACTIVE\n`);
      }
      await startManagers(queues, manager);
    },
    { trust },
  );
}
