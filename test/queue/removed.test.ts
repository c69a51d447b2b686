import { describe, expect, it } from 'vitest';
import { spawn } from 'tspipe';
import { makePlace } from '../helpers/place.ts';

describe('a task whose requirement was removed', () => {
  it('keeps its result, also when the requirement is called again', async () => {
    const { queue, log, lines, taskManager } = makePlace();
    const tm = taskManager();
    const f = tm.tsApp({ name: 'f' })(async (path: string, n: number) => {
      (await import('node:fs')).appendFileSync(path, `${n}\n`);
      return n + 1;
    });
    const second = f(log, f(log, 1));
    await spawn(queue, { mode: 'no_stream' });
    await queue.remove(f(log, 1).id);
    expect(await second.result()).toBe(3);
    expect(f(log, f(log, 1)).id).toBe(second.id);
    await spawn(queue, { mode: 'no_stream' });
    expect(lines()).toEqual(['1', '2', '1']);
    expect(await queue.counts()).toBe(2);
  });

  it('that has not succeeded is blocked, says so, and is whole again once it is called again', async () => {
    const { queue, taskManager } = makePlace();
    const f = taskManager().tsApp({ name: 'f' })((n: number) => {
      if (n === 13) throw new Error('unlucky');
      return n + 1;
    });
    const first = f(1);
    const second = f(first);
    await queue.kill({ tid: second.id, state: 'WAITING' });
    await queue.remove(first.id);
    await queue.retry();
    expect(await second.state()).toBe('BLOCKED');
    await expect(second.result()).rejects.toThrow(/a task it requires was removed.*Call the app again/);
    expect(f(f(1)).id).toBe(second.id);
    expect(await second.state()).toBe('WAITING');
    await spawn(queue, { mode: 'no_stream' });
    expect(await second.result()).toBe(3);
  });
});
