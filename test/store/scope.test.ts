import { describe, expect, it } from 'vitest';
import { addToScope, countByTaskManager, pendingLanes, writeSlot } from '../../src/store/index.ts';
import { wholeTableReads } from '../helpers/query-plans.ts';
import { Graph } from './graph.ts';

/** Three tasks, so many in scope, and three more; an agent has slots for them. */
function scopeOf(size: number): { graph: Graph; tasks: readonly number[] } {
  const graph = new Graph();
  const add = (count: number): number[] => Array.from({ length: count }, () => graph.needs());
  add(3);
  const tasks = add(size);
  add(3);
  graph.store.writeNow((tx) => {
    addToScope(tx, tasks);
    writeSlot(tx, { agent: 1, task_manager: 1, workers: 1 });
  });
  return { graph, tasks };
}

describe('where only some tasks are to run', () => {
  it.each([
    { size: 4, counted: 4 },
    { size: 1200, counted: 1000 },
  ])('the others are neither counted nor claimed: $size', ({ size, counted }) => {
    const { graph, tasks } = scopeOf(size);
    const { store } = graph;
    expect(store.read((db) => countByTaskManager(db, true))).toMatchObject([
      { pending: counted, running: 0 },
    ]);
    expect(store.read((db) => pendingLanes(db, 1, { scoped: true }))).toMatchObject([{ first: tasks[0] }]);
    for (const ask of [
      () => wholeTableReads(store, (tx) => countByTaskManager(tx.db, true)),
      () => wholeTableReads(store, (tx) => pendingLanes(tx.db, 1, { scoped: true })),
    ]) {
      expect(ask()).toEqual([]);
    }
    // Claimed without a look at the scope: two of it run, and the three before it do not count.
    graph.claim(3 + 2);
    const left = Math.min(counted, size - 2);
    expect(store.read((db) => countByTaskManager(db, true))).toMatchObject([{ pending: left, running: 2 }]);
    expect(store.read((db) => pendingLanes(db, 1, { scoped: true }))).toMatchObject([{ first: tasks[2] }]);
  });
});
