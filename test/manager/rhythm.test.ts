import { expect, it } from 'vitest';
import { Rhythm } from '../../src/manager/rhythm.ts';

it('a run looks at once when it is woken after a rest, and when a look cannot wait', async () => {
  const rhythm = new Rhythm(50);
  const long = { pauseMs: () => 1e6, isUrgent: () => false };
  rhythm.wake();
  await rhythm.next(long);
  let asked = 0;
  const urgent = rhythm.next({ pauseMs: () => 1e6, isUrgent: () => ++asked > 0 });
  rhythm.wake();
  await urgent;
  expect(asked).toBeLessThanOrEqual(1);
});

it('what woke a run too early for a look is looked at later, though nothing wakes it again', async () => {
  const rhythm = new Rhythm(50);
  const long = { pauseMs: () => 1e6, isUrgent: () => false };
  rhythm.wake();
  await rhythm.next(long);
  const next = rhythm.next(long);
  rhythm.wake();
  await next;
});

it('a run that nothing wakes looks after its pause', async () => {
  await new Rhythm(50).next({ pauseMs: () => 1, isUrgent: () => false });
});
