// piscina: two worker threads, nothing durable.
import { Piscina } from 'piscina';
import { checkSum, cold, commands, hops, isCold, numbers, print, seconds, size } from './peer.js';

const options = { filename: new URL('./pool.js', import.meta.url).href, minThreads: 2, maxThreads: 2 };
const pool = new Piscina({ ...options, maxQueue: Infinity });
const noop = (index) => pool.run(index, { name: 'noop' });

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
    Promise.all(Array.from({ length: commands }, () => pool.run(0, { name: 'command' }))),
  );
  print({
    endToEnd: size / whole,
    submit: size / submit,
    hop: (chain * 1000) / hops,
    shell: commands / shell,
    cold: await cold(import.meta.url),
  });
}
await pool.destroy();
