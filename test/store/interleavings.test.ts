import { describe, expect, it } from 'vitest';
import { Exploration, type Shape } from './exploration.ts';

const SHAPES: readonly (Shape & { readonly disturbances: number })[] = [
  { name: 'a chain', needs: [[], [0], [1]], disturbances: 2 },
  { name: 'a fan-in', needs: [[], [], [0, 1]], disturbances: 2 },
  { name: 'a fan-out', needs: [[], [0], [0]], disturbances: 2 },
  { name: 'two tasks that need nothing', needs: [[], []], disturbances: 2 },
  // With two disturbances it has 260,000 states and was clean as well; that takes two minutes.
  { name: 'three tasks that need nothing', needs: [[], [], []], disturbances: 1 },
  {
    name: 'a task that returns the Future of another',
    needs: [[], [], [0]],
    returns: { 0: 1 },
    disturbances: 2,
  },
];

describe('two agents, a user, failures and deaths, in every order,', () => {
  for (const shape of SHAPES) {
    it(`leave ${shape.name} consistent after each step, and never stuck`, () => {
      const exploration = new Exploration(shape);
      exploration.explore(shape.disturbances);
      expect(exploration.states).toBeGreaterThan(500);
      expect(exploration.late).toBeGreaterThan(20);
    });
  }
});
