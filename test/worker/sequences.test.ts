import { createReadStream } from 'node:fs';
import { spawn } from 'tspipe';
import { expect, it } from 'vitest';
import { makePlace } from '../helpers/place.ts';

it('refuses results that give values one after the other with the advice to write a file', async () => {
  const { queue, taskManager } = makePlace();
  const tm = taskManager({ scheduler: { maxWorkers: 1 } });
  const list = tm.tsApp(function list(kind: string): object {
    const numbers = async function* () {
      yield 1;
    };
    if (kind === 'generator') return { rows: [1, 2].values() };
    if (kind === 'async') return numbers();
    if (kind === 'web') return new ReadableStream();
    return createReadStream(import.meta.filename);
  });
  const futures = ['generator', 'async', 'web', 'file'].map((kind) => list(kind));
  await spawn(queue, { mode: 'no_stream' });
  for (const future of futures) {
    await expect(future.result()).rejects.toThrow(
      /list → result.*: a result cannot be .*Write what it gives to a file and return the path/,
    );
  }
  const cache = tm.tsApp(function cache() {
    return new Intl.NumberFormat('en');
  });
  const future = cache();
  await spawn(queue, { mode: 'no_stream' });
  await expect(future.result()).rejects.toThrow(/or once a worker with tm\.perWorker\(\(\) => …\)/);
});
