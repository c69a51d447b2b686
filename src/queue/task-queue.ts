import { Store } from '../store/index.ts';
import { QueueHost } from './queue-host.ts';

interface TaskQueue {
  readonly path: string;
  host: QueueHost | undefined;
  opened: ((host: QueueHost) => void) | undefined;
}

// On globalThis, because user code may load another copy of this module than the worker.
const KEY = Symbol.for('tspipe.taskQueue');
const holder = globalThis as { [KEY]?: TaskQueue };

/** Makes this process a worker: from now on every `new Queue` gives the queue of its tasks. */
export function setTaskQueue(path: string): void {
  holder[KEY] = { path, host: undefined, opened: undefined };
}

/** In a worker: what is to happen when something of a task first uses the queue of its tasks. */
export function onTaskQueue(opened: (host: QueueHost) => void): void {
  if (holder[KEY] !== undefined) holder[KEY].opened = opened;
}

/** True in a worker. */
export function isInWorker(): boolean {
  return holder[KEY] !== undefined;
}

/** In a worker the queue of its tasks, opened at the first use; undefined elsewhere. */
export function taskQueueHost(): QueueHost | undefined {
  const queue = holder[KEY];
  if (queue === undefined) return undefined;
  if (queue.host === undefined) {
    queue.host = new QueueHost(new Store(queue.path));
    queue.opened?.(queue.host);
  }
  return queue.host;
}
