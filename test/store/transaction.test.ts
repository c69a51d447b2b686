import { describe, expect, it } from 'vitest';
import { eligibleState, outcomeOf, TaskState, type TaskStateCode } from '../../src/model/index.ts';
import {
  allRequirements,
  commitAttempts,
  deleteTasks,
  killTask,
  loseTask,
  releaseTasks,
  RequirementKind,
  retryTask,
  type Store,
} from '../../src/store/index.ts';
import { attemptOf, Graph } from './graph.ts';

const { SETTLED, AFTER } = RequirementKind;

function retry(graph: Graph, task: number): boolean {
  return graph.store.writeNow((tx) => retryTask(tx, task));
}

describe('requirements', () => {
  it('leave a task BLOCKED when one of two failed causes is retried, and WAITING when both are', () => {
    const graph = new Graph();
    const [a, b] = [graph.needs(), graph.needs()];
    const c = graph.needs(a, b);
    const d = graph.needs(c);
    graph.run(a, 'fail');
    graph.run(b, 'stop');
    expect(graph.states(a, b, c, d)).toEqual(['FAILED', 'KILLED', 'BLOCKED', 'BLOCKED']);
    retry(graph, a);
    expect(graph.states(a, c, d)).toEqual(['PENDING', 'BLOCKED', 'BLOCKED']);
    retry(graph, b);
    expect(graph.states(b, c, d)).toEqual(['PENDING', 'WAITING', 'WAITING']);
    graph.run(a, 'succeed');
    graph.end(b, 'succeed');
    expect(graph.states(a, b, c, d)).toEqual(['SUCCEEDED', 'SUCCEEDED', 'PENDING', 'WAITING']);
  });

  it('that are settled never block, however they end', () => {
    const graph = new Graph();
    const [a, b] = [graph.needs(), graph.needs()];
    const c = graph.add({ kind: SETTLED, requirement: a }, { kind: SETTLED, requirement: b });
    graph.run(a, 'fail');
    expect(graph.state(c)).toBe('WAITING');
    graph.end(b, 'succeed');
    expect(graph.state(c)).toBe('PENDING');
    retry(graph, a);
    expect(graph.state(c)).toBe('WAITING');
  });

  it('that order only block as arguments do', () => {
    const graph = new Graph();
    const a = graph.needs();
    const b = graph.add({ kind: AFTER, requirement: a });
    graph.run(a, 'fail');
    expect(graph.state(b)).toBe('BLOCKED');
  });

  it('of UNKNOWN state leave a task WAITING, and its late commit releases it', () => {
    const graph = new Graph();
    const a = graph.needs();
    const b = graph.needs(a);
    graph.claim();
    graph.store.writeNow((tx) => {
      const task = tx.core(a);
      if (task !== undefined) loseTask(tx, task, { proven: false, started: true, error: '"x"', limit: 3 });
    });
    expect(graph.states(a, b)).toEqual(['UNKNOWN', 'WAITING']);
    graph.end(a, 'succeed');
    expect(graph.states(a, b)).toEqual(['SUCCEEDED', 'PENDING']);
  });

  it('that are removed block what needs them', () => {
    const graph = new Graph();
    const a = graph.needs();
    const b = graph.needs(a);
    graph.store.writeNow((tx) => deleteTasks(tx, [a]));
    expect(graph.states(a, b)).toEqual([undefined, 'BLOCKED']);
  });

  it('that a task returned finish it when they are done', () => {
    const graph = new Graph();
    const [a, child] = [graph.needs(), graph.needs()];
    const b = graph.needs(a);
    graph.claim();
    graph.end(a, 'succeed', { returned: [child] });
    expect(graph.states(a, b)).toEqual(['WAITING', 'WAITING']);
    graph.end(child, 'fail');
    expect(graph.states(a, b)).toEqual(['BLOCKED', 'BLOCKED']);
    expect(retry(graph, a), 'it is not over, so it cannot be retried').toBe(false);
    retry(graph, child);
    graph.run(child, 'succeed');
    expect(graph.states(a, b)).toEqual(['SUCCEEDED', 'PENDING']);
  });
});

describe('attempts', () => {
  it('are accepted from the newest only; an older one leaves a record', () => {
    const graph = new Graph();
    const a = graph.needs();
    graph.claim();
    graph.store.writeNow((tx) => releaseTasks(tx, 1, [{ id: a, number: 1 }]));
    graph.claim();
    expect(graph.store.writeNow((tx) => commitAttempts(tx, [attemptOf(a, 1)]))).toEqual([a]);
    expect(graph.state(a)).toBe('RUNNING');
    expect(graph.store.writeNow((tx) => commitAttempts(tx, [attemptOf(a, 2)]))).toEqual([]);
    expect(graph.state(a)).toBe('SUCCEEDED');
  });

  it('that fail are followed by as many as `retries` says', () => {
    const graph = new Graph();
    const a = graph.needs();
    const seen = [1, 2, 3].map(() => {
      graph.claim();
      graph.end(a, 'fail', { retries: 2 });
      return graph.state(a);
    });
    expect(seen).toEqual(['PENDING', 'PENDING', 'FAILED']);
  });

  it('lost to infrastructure count apart, up to three', () => {
    const graph = new Graph();
    const a = graph.needs();
    const seen = [1, 2, 3].map(() => {
      graph.claim();
      graph.store.writeNow((tx) => {
        const task = tx.core(a);
        if (task !== undefined) loseTask(tx, task, { proven: true, started: true, error: '"x"', limit: 3 });
      });
      return graph.state(a);
    });
    expect(seen).toEqual(['PENDING', 'PENDING', 'KILLED']);
  });
});

describe('a random history', () => {
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    it(`keeps the tally and the counters what a count from scratch gives (seed ${seed})`, () => {
      const random = generator(seed);
      const pick = (length: number) => Math.floor(random() * length);
      const graph = new Graph();
      const tasks: number[] = [];
      for (let step = 0; step < 250; step++) {
        if (tasks.length < 25 || random() < 0.1) {
          const wanted = Array.from({ length: pick(4) }, () => tasks[pick(tasks.length)]);
          const requirements = wanted
            .filter((task) => task !== undefined)
            .map((requirement) => ({ kind: ([0, 0, 1, 2] as const)[pick(4)] ?? 0, requirement }));
          tasks.push(graph.add(...requirements));
        }
        act(graph, tasks[pick(tasks.length)] ?? 1, {
          choice: pick(12),
          child: tasks[pick(tasks.length)] ?? 1,
        });
        if (step % 10 === 0) assertConsistent(graph.store);
      }
      assertConsistent(graph.store);
    });
  }
});

function act(graph: Graph, task: number, { choice, child }: { choice: number; child: number }): void {
  const { store } = graph;
  if (choice < 3) graph.claim(1 + choice);
  else if (choice < 6) graph.end(task, 'succeed');
  else if (choice === 6) graph.end(task, 'fail');
  else if (choice === 7 && child > task) graph.end(task, 'succeed', { returned: [child] });
  else if (choice === 8) store.writeNow((tx) => killTask(tx, task, '"killed"'));
  else if (choice === 9) retry(graph, task);
  else if (choice === 10 && task % 7 === 0) store.writeNow((tx) => deleteTasks(tx, [task]));
  else {
    store.writeNow((tx) => {
      const core = tx.core(task);
      if (core?.handed === 0) tx.change(core.state === TaskState.SUPERSEDED ? 'revive' : 'supersede', core);
    });
  }
}

/** The tally, the counters and the states of what has not started, against a count from scratch. */
function assertConsistent(store: Store): void {
  store.read((db) => {
    const tasks = db.all<{
      id: number;
      state: TaskStateCode;
      unfinished: number;
      failed: number;
      handed: number;
    }>('SELECT id, state, unfinished, failed, handed FROM task');
    const states = new Map(tasks.map(({ id, state }) => [id, state]));
    for (const task of tasks) {
      let [unfinished, failed] = [0, 0];
      for (const { kind, requirement } of allRequirements(db, task.id)) {
        const outcome = outcomeOf(states.get(requirement));
        if (outcome === 'open') unfinished++;
        if (outcome === 'failed' && kind !== SETTLED) failed++;
      }
      expect({ ...task }).toMatchObject({ id: task.id, unfinished, failed });
      const hasNotStarted = [TaskState.WAITING, TaskState.BLOCKED, TaskState.PENDING].includes(
        task.state as 1,
      );
      if (hasNotStarted) expect(task.state, `task ${task.id}`).toBe(eligibleState({ unfinished, failed }));
    }
    const counted = db.all('SELECT state, count(*) count FROM task GROUP BY state ORDER BY state');
    const tally = db.all(
      'SELECT state, sum(count) count FROM tally GROUP BY state HAVING sum(count) <> 0 ORDER BY state',
    );
    expect(tally).toEqual(counted);
  });
}

/** mulberry32 */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
