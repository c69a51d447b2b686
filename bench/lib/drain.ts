import { setTimeout as delay } from 'node:timers/promises';
import { type Queue, spawn } from 'tspipe';
import { check } from './place.ts';

const LOOK_MS = 5;

/** How a run of `spawn` went. */
export interface Drain {
  /** Seconds of `await spawn(queue)`, with the start of agent and workers and their end. */
  readonly whole: number;
  /** Tasks a second from the first that was seen to be finished to the last: without start and end. */
  readonly steady: number;
}

/** Runs what is in a queue; all of it has to succeed. */
export async function drain(queue: Queue): Promise<Drain> {
  const before = (await queue.summary()).SUCCEEDED;
  const seen: { readonly ms: number; readonly done: number }[] = [];
  let isOver = false;
  const start = performance.now();
  const run = spawn(queue).finally(() => {
    isOver = true;
  });
  const look = async (): Promise<void> => {
    const done = (await queue.summary()).SUCCEEDED;
    if (done > (seen.at(-1)?.done ?? before)) seen.push({ ms: performance.now(), done });
  };
  while (!isOver) {
    await look();
    await Promise.race([delay(LOOK_MS), run]);
  }
  const whole = (performance.now() - start) / 1000;
  await look();
  const { counts, failed } = await run;
  const others = Object.entries(counts).filter(([state, count]) => state !== 'SUCCEEDED' && count > 0);
  check(failed === 0 && others.length === 0, `tasks that did not succeed: ${JSON.stringify(others)}`);
  return { whole, steady: rate(seen) };
}

function rate(seen: readonly { readonly ms: number; readonly done: number }[]): number {
  const [first, last] = [seen[0], seen.at(-1)];
  if (first === undefined || last === undefined || first === last) return Number.NaN;
  return ((last.done - first.done) * 1000) / (last.ms - first.ms);
}

/** Sum of the results of an app whose tasks return numbers. */
export async function sumOfResults(queue: Queue, name: string): Promise<number> {
  let sum = 0;
  for await (const result of queue.results(name)) sum += Number(result);
  return sum;
}
