// workerpool: two worker processes, nothing durable.
import { fileURLToPath } from 'node:url';
import workerpool from 'workerpool';
import { checkSum, cold, commands, hops, isCold, numbers, print, seconds, size } from './peer.js';

const worker = fileURLToPath(new URL('./workerpool-worker.js', import.meta.url));
const pool = workerpool.pool(worker, { workerType: 'process', minWorkers: 2, maxWorkers: 2 });
const noop = (index) => pool.exec('noop', [index]);

if (isCold) console.log(await noop(42));
else {
  let tasks = [];
  let submit = 0;
  const whole = await seconds(async () => {
    submit = await seconds(() => {
      tasks = numbers().map(noop);
    });
    checkSum(await Promise.all(tasks));
  });
  const chain = await seconds(async () => {
    for (let value = 0; value < hops; ) value = (await noop(value)) + 1;
  });
  const shell = await seconds(() =>
    Promise.all(Array.from({ length: commands }, () => pool.exec('command', []))),
  );
  print({
    endToEnd: size / whole,
    submit: size / submit,
    hop: (chain * 1000) / hops,
    shell: commands / shell,
    cold: await cold(import.meta.url),
  });
}
await pool.terminate();
