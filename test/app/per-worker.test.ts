import { spawn } from 'tspipe';
import { expect, it } from 'vitest';
import { makePlace } from '../helpers/place.ts';

const quiet = { mode: 'no_stream' } as const;

it('keeps per-worker values of equal code apart, and shares one among apps', async () => {
  const { queue, taskManager } = makePlace();
  const tm = taskManager({ scheduler: { maxWorkers: 1 } });
  const squares = tm.perWorker(() => new Map<number, number>());
  const cubes = tm.perWorker(() => new Map<number, number>());
  const fill = tm.tsApp(function fill(x: number) {
    squares().set(x, x ** 2);
    cubes().set(x, x ** 3);
    return [squares().get(x), cubes().get(x)];
  });
  const read = tm.tsApp(function read(filled: readonly unknown[]) {
    return [filled, squares().get(2), cubes().get(2)];
  });
  const future = read(fill(2));
  await spawn(queue, quiet);
  expect(await future.result()).toEqual([[4, 8], 4, 8]);
});

it('does not count for identity how many per-worker values were made before', () => {
  const { taskManager } = makePlace();
  const tm = taskManager();
  const idOf = (): string => {
    const cache = tm.perWorker(() => new Map());
    return tm.tsApp(function cached() {
      return cache().size;
    })().id;
  };
  expect(idOf()).toBe(idOf());
});
