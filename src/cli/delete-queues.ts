import { createInterface } from 'node:readline/promises';
import { Queue } from '../queue/index.ts';
import { ExitCode } from './exit-code.ts';
import type { TrustOptions } from './option-values.ts';
import { showQueues } from './show-queues.ts';
import { withQueues } from './with-queues.ts';

/** Lists queues, and deletes them where the user says so. */
export async function deleteQueues(
  words: readonly string[],
  { isForced, trust }: { readonly isForced: boolean } & TrustOptions,
): Promise<void> {
  await withQueues(
    words,
    async (queues) => {
      for (const queue of queues) Queue.hostOf(queue).store.assertWritable();
      await showQueues(words, false);
      const answer = isForced ? 'yes' : await ask(queues.length);
      if (answer === 'yes') {
        for (const queue of queues) {
          await queue.delete();
          process.stdout.write(`${queue.path} is deleted\n`);
        }
        return;
      }
      const cure = answer === 'nobody' ? ' Nobody can be asked here: use --force.' : '';
      process.stderr.write(`tspipe: nothing was deleted.${cure}\n`);
      process.exitCode = answer === 'interrupted' ? ExitCode.INTERRUPTED : ExitCode.FAILED;
    },
    { trust },
  );
}

async function ask(count: number): Promise<'yes' | 'no' | 'nobody' | 'interrupted'> {
  if (process.stdin.isTTY !== true) return 'nobody';
  const what = count === 1 ? 'this queue' : `these ${count} queues`;
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await lines.question(`Delete ${what} with all tasks, results and files? [y/N] `);
    return /^y(es)?$/i.test(answer.trim()) ? 'yes' : 'no';
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
    process.stdout.write('\n');
    return error.message.includes('Ctrl+C') ? 'interrupted' : 'no';
  } finally {
    lines.close();
  }
}
