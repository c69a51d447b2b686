import { describe, expect, it } from 'vitest';
import {
  eligibleState,
  isEnded,
  nextState,
  outcomeOf,
  stateName,
  TASK_STATES,
  TaskState,
  type TaskStateName,
  TRANSITIONS,
  type TransitionName,
} from '../../src/model/index.ts';

/** From where each transition is allowed, and to what; `eligible` stands for what the counters say. */
const TABLE: Record<TransitionName, { from: TaskStateName[]; to: TaskStateName | 'eligible' }> = {
  claim: { from: ['PENDING'], to: 'RUNNING' },
  succeed: { from: ['RUNNING', 'UNKNOWN'], to: 'SUCCEEDED' },
  fail: { from: ['RUNNING', 'UNKNOWN'], to: 'FAILED' },
  stop: { from: ['RUNNING', 'UNKNOWN'], to: 'KILLED' },
  hand: { from: ['RUNNING', 'UNKNOWN'], to: 'eligible' },
  complete: { from: ['WAITING', 'BLOCKED'], to: 'SUCCEEDED' },
  release: { from: ['RUNNING', 'UNKNOWN'], to: 'eligible' },
  vanish: { from: ['RUNNING'], to: 'UNKNOWN' },
  recount: { from: ['WAITING', 'BLOCKED', 'PENDING'], to: 'eligible' },
  retry: { from: ['FAILED', 'KILLED', 'UNKNOWN', 'SUCCEEDED'], to: 'eligible' },
  kill: { from: ['WAITING', 'BLOCKED', 'PENDING', 'RUNNING', 'UNKNOWN'], to: 'KILLED' },
  supersede: { from: ['WAITING', 'BLOCKED', 'PENDING'], to: 'SUPERSEDED' },
  revive: { from: ['SUPERSEDED'], to: 'eligible' },
};

const COUNTERS = [
  { counts: { unfinished: 0, failed: 0 }, eligible: 'PENDING' },
  { counts: { unfinished: 2, failed: 0 }, eligible: 'WAITING' },
  { counts: { unfinished: 0, failed: 1 }, eligible: 'BLOCKED' },
  { counts: { unfinished: 3, failed: 1 }, eligible: 'BLOCKED' },
] as const;

describe('the table of transitions', () => {
  it('holds the transitions that are listed here, and no others', () => {
    expect(Object.keys(TRANSITIONS).sort()).toEqual(Object.keys(TABLE).sort());
  });

  for (const [transition, { from, to }] of Object.entries(TABLE) as [
    TransitionName,
    (typeof TABLE)['claim'],
  ][]) {
    it(`lets ${transition} lead from ${from.join(', ')} to ${to}, and from nowhere else`, () => {
      for (const name of TASK_STATES) {
        for (const { counts, eligible } of COUNTERS) {
          const expected = from.includes(name) ? TaskState[to === 'eligible' ? eligible : to] : undefined;
          expect(nextState(transition, TaskState[name], counts), `${transition} from ${name}`).toBe(expected);
        }
      }
    });
  }

  it('has a way out of every state, since nothing is final for a user', () => {
    const left = new Set<number>(Object.values(TRANSITIONS).flatMap(({ from }) => [...from]));
    expect(TASK_STATES.filter((name) => !left.has(TaskState[name]))).toEqual([]);
  });
});

describe('states', () => {
  it('of what has not started follow from the two counters, a failure before a wait', () => {
    for (const { counts, eligible } of COUNTERS) expect(eligibleState(counts)).toBe(TaskState[eligible]);
  });

  it('keep their numbers, which queue files hold', () => {
    expect(TaskState).toEqual({
      WAITING: 1,
      BLOCKED: 2,
      PENDING: 3,
      RUNNING: 4,
      SUCCEEDED: 5,
      FAILED: 6,
      KILLED: 7,
      UNKNOWN: 8,
      SUPERSEDED: 9,
    });
    expect(TASK_STATES.map((name) => stateName(TaskState[name]))).toEqual(TASK_STATES);
    expect(() => stateName(10)).toThrow(expect.objectContaining({ code: 'QUEUE_DAMAGED' }));
  });

  it('are open, done or failed to what requires them; a removed task is failed', () => {
    const outcomes = Object.fromEntries(TASK_STATES.map((name) => [name, outcomeOf(TaskState[name])]));
    expect(outcomes).toEqual({
      WAITING: 'open',
      BLOCKED: 'failed',
      PENDING: 'open',
      RUNNING: 'open',
      SUCCEEDED: 'done',
      FAILED: 'failed',
      KILLED: 'failed',
      UNKNOWN: 'open',
      SUPERSEDED: 'open',
    });
    expect(outcomeOf(undefined)).toBe('failed');
    expect(TASK_STATES.filter((name) => isEnded(TaskState[name]))).toEqual([
      'SUCCEEDED',
      'FAILED',
      'KILLED',
      'UNKNOWN',
    ]);
  });
});
