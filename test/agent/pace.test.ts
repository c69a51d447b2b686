import { expect, it } from 'vitest';
import { spawn } from 'tspipe';
import { makePlace } from '../helpers/place.ts';
import { until } from '../helpers/processes.ts';

it('a task that failed at once says nothing of how long the others take: none is claimed ahead', async () => {
  const place = makePlace();
  const wait = place.taskManager({ scheduler: { maxWorkers: 1 } }).bashApp(function wait(seconds: number) {
    return seconds === 0 ? ['false'] : ['sleep', String(seconds)];
  });
  for (const seconds of [0, 1001, 1002]) wait(seconds);

  const run = spawn(place.queue);
  await until('the first has failed and another runs', async () => {
    const { FAILED, RUNNING } = await place.queue.summary();
    return FAILED === 1 && RUNNING > 0;
  });
  expect(await place.queue.summary()).toMatchObject({ FAILED: 1, RUNNING: 1, PENDING: 1 });
  await place.queue.kill({}, { manager: true });
  await run;
});
