import type { Queue } from '../queue/index.ts';
import { openQueues } from './select-queues.ts';

/** Opens the queues of `words`, hands them all to `act`, and closes them whatever happens. */
export async function withQueues<T>(
  words: readonly string[],
  act: (queues: readonly Queue[]) => Promise<T>,
): Promise<T> {
  const queues = openQueues(words);
  try {
    return await act(queues);
  } finally {
    for (const queue of queues) queue.close();
  }
}
