import { queuePath } from '../queue/index.ts';
import { convertQueue } from '../store/index.ts';
import { print } from './print.ts';

/** Converts queues, of which none may be in use, and says what they are then. */
export async function convertQueues(names: readonly string[], mode: 'shared' | 'local'): Promise<void> {
  for (const name of names) {
    const path = queuePath(name);
    const hasChanged = convertQueue(path, mode);
    await print(`${path} is ${hasChanged ? 'now' : 'already'} ${mode}\n`);
  }
}
