import { describe, expect, it } from 'vitest';
import { type LaneDemand, NOTHING_USED, planClaims, type Room } from '../../src/agent/plan-claims.ts';

const options = { retries: 0, timeoutSeconds: null, cores: 0, memoryBytes: 0, gpus: 0, versions: {} };
const lane = (number: number, more: Partial<LaneDemand> & { asks?: object } = {}): LaneDemand => {
  const { asks, ...rest } = more;
  return {
    lane: number,
    taskManager: 1,
    pending: 10,
    prefetch: 0,
    waitingSince: undefined,
    ...rest,
    options: { ...options, ...asks },
  };
};
const room = (more: Partial<Room> = {}): Room => ({
  host: { cores: 4, memoryBytes: 1000, gpus: 2 },
  used: NOTHING_USED,
  free: new Map([
    [1, 4],
    [2, 4],
  ]),
  now: 10_000,
  ...more,
});
const used = (cores: number, declared = 0) => ({ cores, memoryBytes: 0, gpus: 0, declared });

const table: [string, LaneDemand[], Room, Record<number, number>, number[]][] = [
  ['takes a task for each free worker', [lane(1)], room(), { 1: 4 }, []],
  ['takes no more than there are', [lane(1, { pending: 2 })], room(), { 1: 2 }, []],
  ['holds quick tasks ahead', [lane(1, { pending: 100, prefetch: 20 })], room(), { 1: 24 }, []],
  [
    'holds quick tasks ahead also while no worker is free',
    [lane(1, { prefetch: 3 })],
    room({ free: new Map() }),
    { 1: 3 },
    [],
  ],
  [
    'lets lanes of one task manager share its workers',
    [lane(1, { pending: 3 }), lane(2)],
    room(),
    { 1: 3, 2: 1 },
    [],
  ],
  [
    'gives each task manager its own workers',
    [lane(1), lane(2, { taskManager: 2 })],
    room(),
    { 1: 4, 2: 4 },
    [],
  ],
  ['packs declared cores', [lane(1, { asks: { cores: 2 } })], room(), { 1: 2 }, []],
  ['packs memory', [lane(1, { asks: { memoryBytes: 400 } })], room(), { 1: 2 }, []],
  ['packs GPUs', [lane(1, { asks: { gpus: 1 } })], room(), { 1: 2 }, []],
  [
    'counts a task that declares nothing as one core beside those that do',
    [lane(1)],
    room({ used: used(2, 1) }),
    { 1: 2 },
    [],
  ],
  [
    'puts smaller tasks beside a larger one that waits, and leaves them its workers',
    [lane(1, { asks: { cores: 4 } }), lane(2, { asks: { cores: 1 } })],
    room({ used: used(1, 1), free: new Map([[1, 3]]) }),
    { 2: 3 },
    [1],
  ],
  [
    'starts nothing else when the larger one has waited for long',
    [lane(1, { asks: { cores: 4 }, waitingSince: 8000 }), lane(2, { asks: { cores: 1 } })],
    room({ used: used(1, 1) }),
    {},
    [1],
  ],
  [
    'notes that a task does not fit also while no worker is free',
    [lane(1, { asks: { cores: 4 }, waitingSince: 9500 })],
    room({ used: used(2, 2), free: new Map() }),
    {},
    [1],
  ],
  [
    'takes what could never run here, to fail',
    [lane(1, { asks: { cores: 9 }, pending: 2 }), lane(2)],
    room(),
    { 1: 2, 2: 2 },
    [],
  ],
];

describe('the plan of claims', () => {
  it.each(table)('%s', (_, lanes, given, claims, tooLarge) => {
    const plan = planClaims(lanes, given);
    expect(Object.fromEntries(plan.claims)).toEqual(claims);
    expect([...plan.tooLarge]).toEqual(tooLarge);
  });
});
