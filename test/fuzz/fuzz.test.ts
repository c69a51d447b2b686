import { randomInt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { runTarget } from './run-target.ts';
import { TARGETS } from './targets.ts';

const COUNT = 5_000;

describe('whatever is read', () => {
  it.each(Object.keys(TARGETS))(
    'is taken or refused, and no input crashes, hangs or fools the reader: %s',
    async (name) => {
      const seed = randomInt(2 ** 31);
      const { inputs, accepted, finds } = await runTarget(name, { seed, count: COUNT });
      console.log(`${name}: seed ${seed}, ${((100 * accepted) / inputs).toFixed(1)} % past the door`);
      expect(finds, `npm run fuzz -- --only ${name} --seed ${seed} --count ${COUNT}`).toEqual([]);
      expect(inputs).toBe(COUNT);
      // A generator whose inputs are all refused at once tests nothing but the door.
      expect(accepted).toBeGreaterThan(COUNT / 50);
    },
  );
});
