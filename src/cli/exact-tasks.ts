import { PipeError } from '../errors.ts';
import type { Queue } from '../queue/index.ts';
import { quoteShell } from '../util/index.ts';

const SHOWN = 5;

/** Refuses ids that no task has, and beginnings that several tasks share: what changes tasks must mean just one. */
export async function checkTaskIds(
  queues: readonly Queue[],
  tids: readonly string[] | undefined,
): Promise<void> {
  for (const tid of tids ?? []) {
    const found: string[] = [];
    for (const queue of queues) found.push(...(await queue.tasks({ tid, limit: SHOWN, property: 'id' })));
    if (found.length === 1) continue;
    const what =
      found.length === 0
        ? `No task has an id that begins with ${tid}`
        : `Several tasks have an id that begins with ${tid}: ${found.slice(0, SHOWN).join(', ')}`;
    throw new PipeError(
      'TASK_NOT_FOUND',
      `${what}. See: tspipe tasks -q ${quoteShell(queues[0]?.path ?? '')}`,
    );
  }
}
