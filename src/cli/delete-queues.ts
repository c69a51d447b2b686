import { createInterface } from 'node:readline/promises';
import { ExitCode } from './exit-code.ts';
import { showQueues } from './show-queues.ts';
import { withQueues } from './with-queues.ts';

/** Lists queues, and deletes them where the user says so. */
export async function deleteQueues(
  words: readonly string[],
  { isForced }: { readonly isForced: boolean },
): Promise<void> {
  await showQueues(words, false);
  await withQueues(words, async (queues) => {
    if (!isForced && !(await isWanted(queues.length))) {
      process.exitCode = ExitCode.FAILED;
      return;
    }
    for (const queue of queues) {
      await queue.delete();
      process.stdout.write(`${queue.path} is deleted\n`);
    }
  });
}

async function isWanted(count: number): Promise<boolean> {
  if (process.stdin.isTTY !== true) {
    process.stderr.write('tspipe: nothing was deleted. Nobody can be asked here: use --force.\n');
    return false;
  }
  const what = count === 1 ? 'this queue' : `these ${count} queues`;
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await lines.question(`Delete ${what} with all tasks, results and files? [y/N] `);
    if (/^y(es)?$/i.test(answer.trim())) return true;
  } finally {
    lines.close();
  }
  process.stderr.write('tspipe: nothing was deleted.\n');
  return false;
}
