import { expect, it } from 'vitest';
import { commitAttempts, ensureCall, insertTask, retryTask } from '../../src/store/index.ts';
import { inconsistencies } from '../helpers/consistent.ts';
import { attemptOf, Graph } from './graph.ts';

const result = { text: '1', blob: null, hash: new Uint8Array(1) };

it('a task that returns Futures waits for all of them, also where some end in the transaction of its own end', () => {
  const graph = new Graph();
  const [parent, quick, slow] = [graph.needs(), graph.needs(), graph.needs()];
  const dependent = graph.needs(parent);
  graph.claim();
  graph.store.writeNow((tx) =>
    commitAttempts(tx, [
      { ...attemptOf(quick, 1), result },
      { ...attemptOf(parent, 1), result, returned: [quick, slow] },
    ]),
  );
  expect(graph.store.read(inconsistencies)).toEqual([]);
  expect(graph.states(parent, dependent)).toEqual(['WAITING', 'WAITING']);
  graph.end(slow, 'succeed', { result });
  expect(graph.store.read(inconsistencies)).toEqual([]);
  expect(graph.states(parent, dependent)).toEqual(['SUCCEEDED', 'PENDING']);
});

it('a task that needs one that is retried in the transaction that adds it waits for it', () => {
  const graph = new Graph();
  const first = graph.needs();
  graph.run(first, 'fail');
  const added = graph.store.writeNow((tx) => {
    retryTask(tx, first);
    const { app, lane } = tx.core(first) ?? { app: 0, lane: 0 };
    const call = ensureCall(tx, { name: 1, key: 'another', args: null, blob: null }).id;
    const requirements = [{ kind: 0, requirement: first }] as const;
    return insertTask(tx, { call, app, lane, identity: Buffer.from('added'), requirements, previous: null });
  });
  expect(graph.store.read(inconsistencies)).toEqual([]);
  expect(graph.states(first, added)).toEqual(['PENDING', 'WAITING']);
});
