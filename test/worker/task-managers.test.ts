import { spawn } from 'tspipe';
import { expect, it } from 'vitest';
import { makePlace } from '../helpers/place.ts';

const quiet = { mode: 'no_stream' } as const;

it('lets a task make apps with a captured task manager, whose calls are added to its own queue', async () => {
  const { queue, taskManager } = makePlace();
  const tm = taskManager({ scheduler: { maxWorkers: 1 } });
  const outer = tm.tsApp(async function outer(n: number) {
    const inner = tm.tsApp(function inner(x: number) {
      return x * n;
    });
    const other = tm.clone({ environ: { LEVEL: 'high' } });
    const level = other.tsApp(function level() {
      return process.env.LEVEL;
    });
    inner(100);
    return [await inner(7).result(), await level().result(), (await queue.tasks({ name: 'outer' })).length];
  });
  const returned = tm.tsApp(function returned(x: number): number {
    return tm.tsApp(function late(y: number) {
      return y + 1;
    })(x) as never;
  });
  const futures = [outer(6), returned(1)] as const;
  expect(await spawn(queue, quiet)).toMatchObject({ stopped: 'done', failed: 0, succeeded: 6 });
  expect(await futures[0].result()).toEqual([42, 'high', 1]);
  expect(await futures[1].result()).toBe(2);
  expect((await queue.tasks({ name: 'inner' })).map((task) => task.args)).toEqual([[100], [7]]);
});

it('counts of a captured task manager only its environment for identity', () => {
  const { taskManager } = makePlace();
  const idOf = (options: object): string => {
    const other = taskManager(options);
    return taskManager().tsApp(function size() {
      return other.id.length;
    })().id;
  };
  const before = idOf({});
  expect(idOf({ scheduler: { maxWorkers: 9 } })).toBe(before);
  expect(idOf({ environ: { PRECISION: 'high' } })).not.toBe(before);
});
