import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Place } from './place.ts';

/** How many of the tasks that append `begin …` and `end …` to a file ran at the same time at most. */
export function mostAtOnce(lines: readonly string[]): number {
  let now = 0;
  let most = 0;
  for (const line of lines) {
    now += line.startsWith('begin') ? 1 : -1;
    most = Math.max(most, now);
  }
  return most;
}

/** An app that appends "begin n", takes some time and appends "end n". */
export function spanOf({ taskManager, log }: Place, maxWorkers = 1) {
  return taskManager({ scheduler: { maxWorkers } }).tsApp(spanTo({ log }));
}

/** The function of that app. */
export function spanTo({ log }: Pick<Place, 'log'>) {
  return async function span(n: number, ms = 100): Promise<number> {
    appendFileSync(log, `begin ${n}\n`);
    await delay(ms);
    appendFileSync(log, `end ${n}\n`);
    return n;
  };
}
