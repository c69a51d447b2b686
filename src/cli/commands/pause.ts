import type { Command } from 'commander';
import { queueOption, trustOption, type TrustOptions } from '../option-values.ts';

interface Options extends TrustOptions {
  readonly queue: readonly string[];
}

export function addPause(program: Command): Command {
  return program
    .command('pause')
    .summary('start no more tasks of queues')
    .description('Pauses queues: no task starts any more, and those that run go on to their end.')
    .addOption(queueOption().makeOptionMandatory())
    .addOption(trustOption())
    .addHelpText('after', "\nExample:\n  tspipe pause -q 'sims*'")
    .action(run);
}

async function run({ queue: words, trust }: Options): Promise<void> {
  const [{ withQueues }, { shortName }] = await Promise.all([
    import('../with-queues.ts'),
    import('../select-queues.ts'),
  ]);
  await withQueues(
    words,
    async (queues) => {
      for (const queue of queues) {
        await queue.pause();
        const running = await queue.counts({ state: 'RUNNING' });
        const rest = running > 0 ? `; ${running} RUNNING, which go on to their end` : '';
        process.stdout.write(`${shortName(queue.path)} is PAUSED${rest}\n`);
      }
    },
    { trust },
  );
}
