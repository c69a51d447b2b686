// Commands that do nothing, on two workers: a line, words of which the first is a program, and a line for a shell.
import { spawn } from 'tspipe';
import { check, measure, seconds } from '../lib/place.ts';

await measure(async ({ queue, tm, size }) => {
  const line = tm.bashApp(function line(_index: number) {
    return 'true';
  });
  const words = tm.bashApp(function words(_index: number) {
    return ['true'];
  });
  const script = tm.bashApp(function script(_index: number) {
    return 'true; true';
  });
  const rate = async (app: (index: number) => unknown): Promise<number> => {
    for (let index = 0; index < size; index++) app(index);
    await queue.flush();
    const whole = await seconds(() => spawn(queue));
    return size / whole;
  };
  const figures = { line: await rate(line), program: await rate(words), script: await rate(script) };
  check((await queue.counts({ state: 'SUCCEEDED' })) === 3 * size, 'the number that succeeded');
  const [task] = await queue.tasks({ name: 'line', index: size - 1 });
  check(task?.attempts.at(-1)?.errno === 0, 'the exit code that is kept');
  return figures;
});
