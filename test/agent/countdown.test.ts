import { expect, it } from 'vitest';
import { Countdown } from '../../src/agent/countdown.ts';

/** Keeps this process from doing anything, as a stop does. */
function stall(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

it('a countdown does not count the time in which its process stood still, and lets it read what has come', async () => {
  const happened: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  new Countdown(1200, () => {
    happened.push('over');
    resolve();
  });
  setTimeout(() => happened.push('read'), 1900);
  stall(3000);
  await promise;
  expect(happened).toEqual(['read', 'over']);
});

it('a countdown that is stopped does nothing, and one in a process without rest comes to its end', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  new Countdown(100, () => expect.unreachable()).stop();
  new Countdown(1500, resolve);
  const busy = setInterval(() => stall(1600), 1);
  await promise;
  clearInterval(busy);
});
