import { describe, expect, it } from 'vitest';
import { answerText, orderText, readAnswer, readOrder } from '../../src/queue/worker-lines.ts';
import type { RunReport, RunRequest } from '../../src/queue/worker-messages.ts';

const report: RunReport = {
  task: 7,
  attempt: 1,
  outcome: 'succeed',
  started: 1_790_000_000_000,
  seconds: 0.0021,
  exitCode: null,
  signal: null,
  error: null,
  out: null,
  err: null,
  note: null,
  errorNames: [],
  retryAfterSeconds: null,
  peakMemory: null,
  result: { text: '"a\\nb"', blob: null },
  returned: [],
};
const text = { text: 'x', blob: null };
const run: RunRequest = {
  order: 3,
  recipe: 1,
  task: 7,
  attempt: 1,
  id: '00ff',
  index: 0,
  args: { text: '[1]', blob: null, futures: [] },
};

describe('what a worker says', () => {
  it.each<[string, Partial<RunReport>, 'list' | 'object']>([
    ['a success of a function', {}, 'list'],
    ['a success of a command', { exitCode: 0 }, 'list'],
    ['a success that printed', { out: text }, 'object'],
    ['a success with warnings', { err: text }, 'object'],
    ['a success with a note', { note: 'other versions' }, 'object'],
    ['a success of which the memory is known', { peakMemory: 1e8 }, 'object'],
    ['a success that returned Futures', { returned: [3] }, 'object'],
    ['a success with binary parts', { result: { text: '1', blob: 'name' } }, 'object'],
    [
      'a failure',
      { outcome: 'fail', exitCode: 3, error: '{}', errorNames: ['PipeError'], result: null },
      'object',
    ],
    ['an end by a signal', { outcome: 'stop', signal: 'SIGKILL', error: '{}', result: null }, 'object'],
  ])('%s arrives as it was', (_, how, form) => {
    const done = { ...report, ...how };
    const line = answerText({ type: 'done', done });
    expect(readAnswer(line)).toEqual({ type: 'done', done });
    expect(Array.isArray(JSON.parse(line))).toBe(form === 'list');
  });
});

describe('what an agent says', () => {
  it.each<[string, Partial<RunRequest>]>([
    ['an order', {}],
    ['an order with variables', { env: { CUDA_VISIBLE_DEVICES: '1' } }],
    ['an order with binary parts', { args: { text: '[1]', blob: 'name', futures: [] } }],
  ])('%s arrives as it was', (_, how) => {
    const message = { type: 'run', run: { ...run, ...how } } as const;
    expect(readOrder(orderText(message))).toEqual(message);
  });
});
