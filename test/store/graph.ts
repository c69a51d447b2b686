import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { stateName, type TaskStateName } from '../../src/model/index.ts';
import {
  claimTasks,
  commitAttempts,
  emptyAttempt,
  type EndedAttempt,
  ensureApp,
  ensureAppName,
  ensureCall,
  ensureLane,
  ensureTaskManager,
  insertTask,
  type Requirement,
  Store,
  stateOf,
} from '../../src/store/index.ts';

/** A queue file in a folder that is removed when the test is over. */
export function makeStore(): Store {
  const folder = mkdtempSync(join(tmpdir(), 'tspipe-store-'));
  const store = new Store(join(folder, 'q.sqlite'));
  onTestFinished(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return store;
}

/** Tasks without code, for tests of how states follow from each other. */
export class Graph {
  readonly store: Store;
  readonly #lane: number;
  readonly #name: number;
  readonly #app: number;
  #calls = 0;

  constructor(store: Store = makeStore()) {
    this.store = store;
    const ids = store.writeNow((tx) => {
      const manager = { key: 'tm', environ: '{}', scheduler: '{}', provider: '{}' };
      const lane = {
        task_manager: ensureTaskManager(tx, manager),
        cwd: '/',
        options: '{}',
        priority: 0,
      };
      const name = ensureAppName(tx, 'f');
      const app = ensureApp(tx, { name, kind: 'ts', identity: 'code', program: 1 });
      return { lane: ensureLane(tx, lane), name, app };
    });
    this.#lane = ids.lane;
    this.#name = ids.name;
    this.#app = ids.app;
  }

  add(...requirements: Requirement[]): number {
    const key = String(this.#calls++);
    return this.store.writeNow((tx) => {
      const call = ensureCall(tx, { name: this.#name, key, args: null, blob: null }).id;
      const [lane, app, identity] = [this.#lane, this.#app, Buffer.from(key.padStart(8, '0'))];
      return insertTask(tx, { call, app, lane, identity, requirements, previous: null });
    });
  }

  needs(...tasks: number[]): number {
    return this.add(...tasks.map((requirement) => ({ kind: 0 as const, requirement })));
  }

  state(task: number): TaskStateName | undefined {
    const state = this.store.read((db) => stateOf(db, task));
    return state === undefined ? undefined : stateName(state);
  }

  states(...tasks: number[]): (TaskStateName | undefined)[] {
    return tasks.map((task) => this.state(task));
  }

  /** Claims all that is pending. */
  claim(limit = 1000): number[] {
    const wanted = { agent: 1, lane: this.#lane, limit, scoped: false };
    return this.store.writeNow((tx) => claimTasks(tx, wanted).map(({ id }) => id));
  }

  end(task: number, outcome: EndedAttempt['outcome'], more: Partial<EndedAttempt> = {}): void {
    this.store.writeNow((tx) => {
      const core = tx.core(task);
      if (core === undefined) return;
      const { app, lane, attempts } = core;
      commitAttempts(tx, [{ ...attemptOf(task, attempts), app, lane, outcome, ...more }]);
    });
  }

  /** Claims and ends a task that is pending. */
  run(task: number, outcome: EndedAttempt['outcome']): void {
    this.claim();
    this.end(task, outcome);
  }
}

export function attemptOf(task: number, number: number): EndedAttempt {
  return { ...emptyAttempt(task, number, 1), outcome: 'succeed' };
}
