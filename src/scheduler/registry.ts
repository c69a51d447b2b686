import { PipeError } from '../errors.ts';
import { unknownName } from '../util/index.ts';
import { type WorkerCounts, type WorkerLimits, workersToStart } from './simple.ts';

/** Decides how many workers to start now; must have no side effects, for it is asked at any time. */
export type SchedulerRule = (counts: WorkerCounts, limits: WorkerLimits) => number;

const rules = new Map<string, SchedulerRule>([['simple', workersToStart]]);

/** Makes a scheduler known under a name; a later one of the same name replaces it. */
export function registerScheduler(name: string, rule: SchedulerRule): void {
  rules.set(name, rule);
}

/** The rule of a registered scheduler. Throws `NAME_UNKNOWN` with the nearest name. */
export function schedulerRule(name: string): SchedulerRule {
  const rule = rules.get(name);
  if (rule === undefined) throw new PipeError('NAME_UNKNOWN', unknownName('Scheduler', name, rules.keys()));
  return rule;
}
