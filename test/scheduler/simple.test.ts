import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { workersToStart } from '../../src/scheduler/index.ts';

describe('workersToStart', () => {
  it.each`
    pending | running | active | starting | maxWorkers | concurrency | start | because
    ${0}    | ${0}    | ${0}   | ${0}     | ${4}       | ${1}        | ${0}  | ${'there is no work'}
    ${20}   | ${0}    | ${0}   | ${0}     | ${4}       | ${1}        | ${4}  | ${'maxWorkers is the limit'}
    ${2}    | ${0}    | ${0}   | ${0}     | ${4}       | ${1}        | ${2}  | ${'two tasks need two workers'}
    ${1}    | ${0}    | ${1}   | ${0}     | ${4}       | ${1}        | ${0}  | ${'an idle worker takes the task'}
    ${1}    | ${1}    | ${1}   | ${0}     | ${4}       | ${1}        | ${1}  | ${'the only worker is busy'}
    ${3}    | ${0}    | ${0}   | ${2}     | ${4}       | ${1}        | ${1}  | ${'two workers are on their way'}
    ${5}    | ${2}    | ${2}   | ${2}     | ${4}       | ${1}        | ${0}  | ${'starting workers count'}
    ${9}    | ${1}    | ${1}   | ${0}     | ${1}       | ${1}        | ${0}  | ${'one worker never overlaps'}
    ${5}    | ${2}    | ${6}   | ${0}     | ${4}       | ${1}        | ${0}  | ${'the limit was lowered'}
    ${1}    | ${3}    | ${0}   | ${0}     | ${4}       | ${1}        | ${1}  | ${'tasks of lost workers need none'}
    ${9}    | ${0}    | ${0}   | ${0}     | ${4}       | ${4}        | ${3}  | ${'each worker overlaps four tasks'}
    ${2}    | ${2}    | ${1}   | ${0}     | ${4}       | ${4}        | ${0}  | ${'the worker has two places left'}
    ${4}    | ${3}    | ${1}   | ${0}     | ${4}       | ${4}        | ${1}  | ${'the worker has one place left'}
  `(
    'starts $start for $pending pending, $running running, $active + $starting of $maxWorkers workers: $because',
    ({ pending, running, active, starting, maxWorkers, concurrency, start }) => {
      const counts = { pending, running, activeWorkers: active, startingWorkers: starting };
      expect(workersToStart(counts, { maxWorkers, concurrency })).toBe(start);
    },
  );

  it('starts no more than the provider can', () => {
    const counts = { pending: 9, running: 0, activeWorkers: 0, startingWorkers: 0 };
    const cost = (workers: number) => (workers > 3 ? Infinity : workers);
    expect(workersToStart(counts, { maxWorkers: 8, cost })).toBe(3);
    expect(workersToStart(counts, { maxWorkers: 8, cost: () => Infinity })).toBe(0);
  });

  const count = fc.nat({ max: 1000 });
  const counts = fc.record({ pending: count, running: count, activeWorkers: count, startingWorkers: count });
  const limits = fc.record({
    maxWorkers: fc.integer({ min: 1, max: 1000 }),
    concurrency: fc.integer({ min: 1, max: 16 }),
  });

  it('keeps within the limit and the work, and starves no task that it could serve', () => {
    fc.assert(
      fc.property(counts, limits, (now, limit) => {
        const start = workersToStart(now, limit);
        const before = now.activeWorkers + now.startingWorkers;
        const freeAfter = (before + start) * limit.concurrency - now.running;
        expect(start).toBeGreaterThanOrEqual(0);
        expect(start).toBeLessThanOrEqual(now.pending);
        expect(Number.isInteger(start)).toBe(true);
        if (start > 0) expect(before + start).toBeLessThanOrEqual(limit.maxWorkers);
        const atLimit = before + start >= limit.maxWorkers;
        expect(atLimit || freeAfter >= now.pending || start * limit.concurrency >= now.pending).toBe(true);
      }),
    );
  });

  it('starts none once what it asked for is starting', () => {
    fc.assert(
      fc.property(counts, limits, (now, limit) => {
        fc.pre(now.running <= (now.activeWorkers + now.startingWorkers) * limit.concurrency);
        const startingWorkers = now.startingWorkers + workersToStart(now, limit);
        expect(workersToStart({ ...now, startingWorkers }, limit)).toBe(0);
      }),
    );
  });
});
