import { expect, it } from 'vitest';
import { spawn } from 'tspipe';
import { append, makePlace } from '../helpers/place.ts';
import { until } from '../helpers/processes.ts';

it('a kill that ends the managers too lets nothing start in the place of what it ended', async () => {
  const place = makePlace();
  const { log } = place;
  const nap = place.taskManager({ scheduler: { maxWorkers: 1 } }).tsApp(async function nap(n: number) {
    append(log, `start ${n}`);
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  });
  for (let n = 0; n < 3; n++) nap(n);

  const run = spawn(place.queue);
  await until('the first task has started', () => place.lines().length === 1);
  expect(await place.queue.kill({}, { manager: true })).toBe(1);
  await run;

  expect(place.lines()).toEqual(['start 0']);
  expect(await place.queue.summary()).toMatchObject({ KILLED: 1, PENDING: 2, RUNNING: 0 });
});
