import { describe, expect, it } from 'vitest';
import { registerScheduler, Scheduler, type SchedulerChoice } from '../../src/scheduler/index.ts';

const IDLE = { pending: 9, running: 0, activeWorkers: 0, startingWorkers: 0 };

describe('Scheduler', () => {
  it('starts workers up to its own maxWorkers, else up to the default of the provider', () => {
    expect(new Scheduler('simple', { maxWorkers: 4 }).workersToStart(IDLE, { maxWorkers: 2 })).toBe(4);
    expect(new Scheduler().workersToStart(IDLE, { maxWorkers: 2 })).toBe(2);
  });

  it('overlaps tasks by its concurrency', () => {
    expect(new Scheduler('simple', { concurrency: 5 }).workersToStart(IDLE, { maxWorkers: 4 })).toBe(2);
  });

  it('is made from an instance, a name, or a dictionary of options', () => {
    const four = new Scheduler('simple', { maxWorkers: 4 });
    expect(Scheduler.from(four)).toBe(four);
    expect(Scheduler.from('simple')).toEqual(new Scheduler());
    expect(Scheduler.from()).toEqual(new Scheduler());
    expect(Scheduler.from({ maxWorkers: 4 })).toEqual(four);
    expect(Scheduler.from({ scheduler: 'simple', maxWorkers: 4 })).toEqual(four);
  });

  it('describes itself so that the description makes it again', () => {
    const four = new Scheduler('simple', { maxWorkers: 4 });
    expect(JSON.stringify(four)).toBe('{"scheduler":"simple","concurrency":1,"maxWorkers":4}');
    expect(JSON.stringify(new Scheduler())).toBe('{"scheduler":"simple","concurrency":1}');
    expect(Scheduler.from(JSON.parse(JSON.stringify(four)))).toEqual(four);
  });

  it.each<[unknown, string]>([
    [{ maxWorker: 1 }, 'scheduler option "maxWorker" is unknown. Did you mean "maxWorkers"?'],
    [{ maxWorkers: 'four' }, 'scheduler.maxWorkers must be a whole number of at least 1, not "four".'],
    [{ maxWorkers: 0 }, 'scheduler.maxWorkers must be a whole number of at least 1, not 0.'],
    [{ concurrency: 1.5 }, 'scheduler.concurrency must be a whole number of at least 1, not 1.5.'],
    [4, 'scheduler must be a Scheduler, the name of one, or a dictionary of options, not 4.'],
    [{ scheduler: 4 }, 'scheduler must be a Scheduler, the name of one, or a dictionary of options, not 4.'],
  ])('refuses %j', (choice, message) => {
    expect(() => Scheduler.from(choice as SchedulerChoice)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message }),
    );
  });

  it('refuses a name nobody registered, with the nearest', () => {
    expect(() => new Scheduler('simpel')).toThrow(
      expect.objectContaining({
        code: 'NAME_UNKNOWN',
        message: 'Scheduler "simpel" is unknown. Did you mean "simple"?',
      }),
    );
  });

  it('takes registered schedulers', () => {
    registerScheduler('one-by-one', ({ activeWorkers, startingWorkers }) =>
      activeWorkers + startingWorkers > 0 ? 0 : 1,
    );
    expect(Scheduler.from('one-by-one').workersToStart(IDLE, { maxWorkers: 8 })).toBe(1);
    expect(
      Scheduler.from('one-by-one').workersToStart({ ...IDLE, activeWorkers: 1 }, { maxWorkers: 8 }),
    ).toBe(0);
  });
});
