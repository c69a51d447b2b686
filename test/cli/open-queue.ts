import { Queue } from 'tspipe';
import { onTestFinished } from 'vitest';

/** The queue of a file, deleted with its managers after the test. */
export function openQueue(path: string): Queue {
  const queue = new Queue(path, { create: false });
  onTestFinished(() => queue.delete());
  return queue;
}
