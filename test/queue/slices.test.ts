import { describe, expect, it, onTestFinished } from 'vitest';
import { Queue, TaskManager, type TaskStateName } from '../../src/index.ts';
import { countByState, killTask, Store } from '../../src/store/index.ts';
import { makeFolder } from '../helpers/place.ts';

const MANY = 1200;

/** A queue with many tasks, and another process's door to it. */
function makeMany(): { queue: Queue; other: Store } {
  const queue = new Queue('q', { baseDir: makeFolder() });
  const app = new TaskManager({ queue }).tsApp({ name: 'app' })((n: number) => n);
  for (let n = 0; n < MANY; n++) app(n);
  const other = new Store(queue.path);
  onTestFinished(() => {
    queue.close();
    other.close();
  });
  return { queue, other };
}

async function stateOfAll(queue: Queue, state: TaskStateName): Promise<number> {
  return await queue.counts({ state });
}

describe('many tasks', () => {
  it('are killed and retried in slices, between which others write', async () => {
    const { queue, other } = makeMany();
    await queue.flush();
    const counted = () => other.writeNow((tx) => countByState(tx.db).length);
    const killing = queue.kill({ state: 'PENDING' });
    // Some are killed and some are not: the transaction of the first slice is over.
    expect(counted()).toBe(2);
    expect(await killing).toBe(MANY);
    expect(await stateOfAll(queue, 'KILLED')).toBe(MANY);
    const retrying = queue.retry();
    expect(counted()).toBe(2);
    expect(await retrying).toBe(MANY);
    expect(await stateOfAll(queue, 'PENDING')).toBe(MANY);
  });

  it('that are not as they were asked for any more when their slice comes are left alone', async () => {
    const { queue, other } = makeMany();
    await queue.flush();
    const killing = queue.kill({ state: 'PENDING' });
    other.writeNow((tx) => killTask(tx, MANY, '"by another"'));
    expect(await killing).toBe(MANY - 1);
    const last = await queue.tasks({ name: 'app', index: MANY - 1 });
    expect(last.map((task) => task.attempts.map(({ error }) => error))).toEqual([['by another']]);
  });
});
