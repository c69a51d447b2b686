import { spawn } from 'tspipe';
import { expect, it } from 'vitest';
import { makePlace } from '../helpers/place.ts';

const settings = { steps: 3 };

it('gives tasks the values that an app has by hand, also where another app calls it', async () => {
  const { queue, taskManager } = makePlace();
  const tm = taskManager();
  const scaled = tm.tsApp({ uses: { settings: { steps: 10 } } })(function scaled(x: number) {
    return x * settings.steps;
  });
  const outer = tm.tsApp(function outer(x: number) {
    return scaled(x + settings.steps);
  });
  const results = [scaled(1), outer(1)];
  await spawn(queue, { mode: 'no_stream' });
  expect(await Promise.all(results.map((future) => future.result()))).toEqual([10, 40]);
  const expected = ['function scaled', 'data scaled → settings.steps'];
  const listed = scaled.captures().map(({ kind, name }) => `${kind} ${name}`);
  expect(listed).toEqual(expected);
  const [task] = await queue.tasks({ name: 'scaled' });
  expect(task?.app.captures()).toEqual(scaled.captures());
});
