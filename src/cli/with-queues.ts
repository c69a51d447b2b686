import type { Queue } from '../queue/index.ts';
import type { TrustOptions } from './option-values.ts';
import { openQueues } from './select-queues.ts';

/** Opens the queues of `words`, hands them all to `act`, and closes them whatever happens. */
export async function withQueues<T>(
  words: readonly string[],
  act: (queues: readonly Queue[]) => Promise<T>,
  { trust }: TrustOptions = {},
): Promise<T> {
  const queues = openQueues(words, { trust });
  try {
    return await act(queues);
  } finally {
    for (const queue of queues) queue.close();
  }
}
