import { describe, expect, it } from 'vitest';
import { retryWaitMs } from '../../src/model/index.ts';
import { killTask, msUntilDue, pendingLanes, wakeDue, writeSlot } from '../../src/store/index.ts';
import { Graph } from './graph.ts';

const retryDelay = { first: 60, factor: 2, max: 600 };
const HOUR = 3_600_000;

/** A graph with one task that waits out a delay of a minute. */
function delayed(): { graph: Graph; task: number } {
  const graph = new Graph();
  const task = graph.needs();
  graph.claim();
  graph.end(task, 'fail', { retries: 3, retryDelay });
  return { graph, task };
}

function dueMs(graph: Graph, now?: number): number | undefined {
  return graph.store.read((db) => msUntilDue(db, now));
}

describe('a task that waits out a delay', () => {
  it('is PENDING, and neither claimed nor counted as work until it is due', () => {
    const { graph, task } = delayed();
    const other = graph.needs();
    graph.store.writeNow((tx) => writeSlot(tx, { agent: 1, task_manager: 1, workers: 1 }));
    expect(graph.state(task)).toBe('PENDING');
    expect(graph.store.read((db) => pendingLanes(db, 1, { scoped: false }))).toMatchObject([
      { pending: 1, first: other },
    ]);
    expect(graph.claim()).toEqual([other]);
    expect(dueMs(graph)).toBeGreaterThan(50_000);
    graph.store.writeNow((tx) => wakeDue(tx));
    expect(graph.claim()).toEqual([]);
    graph.store.writeNow((tx) => wakeDue(tx, Date.now() + 76_000));
    expect(dueMs(graph)).toBeUndefined();
    expect(graph.claim()).toEqual([task]);
  });

  it('waits no longer than its delay by whatever clock looks at it next', () => {
    const { graph } = delayed();
    // A host whose clock is hours behind, or one that was set back.
    const behind = Date.now() - 5 * HOUR;
    expect(dueMs(graph, behind)).toBe(0);
    graph.store.writeNow((tx) => wakeDue(tx, behind));
    const left = dueMs(graph, behind) ?? 0;
    expect(left).toBeGreaterThanOrEqual(60_000);
    expect(left).toBeLessThanOrEqual(75_000);
    // By one that is hours ahead it is due; nothing else changes.
    graph.store.writeNow((tx) => wakeDue(tx, Date.now() + 5 * HOUR));
    expect(graph.claim()).toHaveLength(1);
  });

  it('keeps its place: by row, not by when it became due', () => {
    const { graph, task } = delayed();
    const [second, third] = [graph.needs(), graph.needs()];
    graph.store.writeNow((tx) => wakeDue(tx, Date.now() + HOUR));
    expect(graph.claim()).toEqual([task, second, third]);
  });

  it('waits no more once it is killed, or a requirement of it runs again', () => {
    const { graph, task } = delayed();
    graph.store.writeNow((tx) => killTask(tx, task, '"x"'));
    expect(dueMs(graph)).toBeUndefined();
    expect(graph.state(task)).toBe('KILLED');
  });

  it('that deferred itself is due after what it said, and the attempt does not count', () => {
    const graph = new Graph();
    const task = graph.needs();
    for (let round = 0; round < 3; round++) {
      graph.claim();
      graph.end(task, 'fail', { deferMs: 5000 });
      expect(graph.state(task)).toBe('PENDING');
      graph.store.writeNow((tx) => wakeDue(tx, Date.now() + 5000));
    }
    graph.claim();
    graph.end(task, 'fail');
    expect(graph.state(task)).toBe('FAILED');
  });
});

describe('retryWaitMs', () => {
  it('grows by the factor up to the maximum, and by up to a quarter at random', () => {
    const waits = [1, 2, 3, 4, 5, 100].map((failures) => retryWaitMs(retryDelay, failures, 0));
    expect(waits).toEqual([60_000, 120_000, 240_000, 480_000, 600_000, 600_000]);
    expect(retryWaitMs(retryDelay, 1, 0.999)).toBeLessThanOrEqual(75_000);
  });
});
