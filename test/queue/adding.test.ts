import { DatabaseSync, StatementSync } from 'node:sqlite';
import { expect, it, vi } from 'vitest';
import { spawn } from 'tspipe';
import { makePlace } from '../helpers/place.ts';

interface Counts {
  readonly statements: number;
  readonly commits: number;
  /** Statements whose text holds this. */
  with(text: string): number;
}

/** Statements and transactions of this process while something is done. */
async function counted(work: () => Promise<unknown>): Promise<Counts> {
  const kinds = ['run', 'get', 'all'] as const;
  const spies = kinds.map((kind) => vi.spyOn(StatementSync.prototype, kind));
  try {
    await work();
    const texts = spies.flatMap((spy) => spy.mock.contexts.map((one) => (one as StatementSync).sourceSQL));
    return {
      statements: texts.length,
      commits: texts.filter((sql) => sql === 'COMMIT').length,
      with: (text) => texts.filter((sql) => sql.includes(text)).length,
    };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

it('1,000 calls are one transaction, and one statement each and one for 32', async () => {
  const { queue, taskManager } = makePlace();
  const f = taskManager().tsApp({ name: 'f' })((n: number) => n);
  f(-1);
  await queue.flush();
  const { statements, commits } = await counted(async () => {
    for (let n = 0; n < 1000; n++) f(n);
    await queue.flush();
  });
  expect(commits).toBe(1);
  expect(statements).toBeLessThan(1000 + 1000 / 32 + 40);
});

it('a loop of many calls makes larger and larger transactions', async () => {
  const { queue, taskManager } = makePlace();
  const f = taskManager().tsApp({ name: 'f' })((n: number) => n);
  const { commits } = await counted(async () => {
    for (let n = 0; n < 20_000; n++) f(n);
    await queue.flush();
  });
  expect(commits).toBe(5);
  expect(await queue.counts()).toBe(20_000);
});

it('calls with large arguments come into the file before many of them wait', async () => {
  const { queue, taskManager } = makePlace();
  const f = taskManager().tsApp({ name: 'f' })(
    (text: string, bytes: Uint8Array) => text.length + bytes.length,
  );
  const { commits } = await counted(async () => {
    for (let n = 0; n < 20; n++) f(`${n} ${'x'.repeat(500_000)}`, new Uint8Array(500_000));
  });
  expect(commits).toBe(3);
  expect(await queue.counts()).toBe(20);
});

it('a layer that needs all of another is written 32 edges at a time, and asks once for each call', async () => {
  const { queue, taskManager } = makePlace();
  const tm = taskManager();
  const f = tm.tsApp({ name: 'f' })((n: number) => n);
  const g = tm.tsApp({ name: 'g' })((_: unknown, n: number) => n);
  const layer = Array.from({ length: 100 }, (_, n) => f(n));
  await queue.flush();
  const { statements, commits } = await counted(async () => {
    for (let n = 0; n < 100; n++) g(layer, n);
    await queue.flush();
  });
  expect(commits).toBe(1);
  // 10,000 edges, 100 calls and their tasks.
  expect(statements).toBeLessThan(10_000 / 32 + 100 + 60);
});

it('small tasks take less than 200 bytes, results and attempts included, and a result is read in one statement', async () => {
  const { queue, taskManager } = makePlace();
  const f = taskManager().tsApp({ name: 'f' })((n: number) => n);
  const empty = size(queue.path);
  const futures = Array.from({ length: 5000 }, (_, n) => f(n));
  await spawn(queue, { mode: 'no_stream' });
  expect((size(queue.path) - empty) / futures.length).toBeLessThan(200);
  const { statements } = await counted(async () => {
    for (const [n, future] of futures.entries()) expect(await future.result()).toBe(n);
  });
  expect(statements).toBe(futures.length);
});

it('Futures that wait together are each looked at twice before, once after, and told together', async () => {
  const { queue, taskManager } = makePlace();
  const f = taskManager().tsApp({ name: 'f' })((n: number) => n);
  const futures = Array.from({ length: 3000 }, (_, n) => f(n));
  await queue.flush();
  const counts = await counted(async () => {
    const results = Promise.all(futures.map((future) => future.result()));
    await spawn(queue, { mode: 'no_stream' });
    expect(await results).toEqual(futures.map((_, n) => n));
  });
  expect(counts.with('LEFT JOIN result')).toBe(2 * futures.length);
  expect(counts.with('SELECT state FROM task WHERE id = ?')).toBe(futures.length);
});

/** Bytes of the tables, those in the write-ahead log too. */
function size(path: string): number {
  const db = new DatabaseSync(path, { readOnly: true });
  const { bytes } = db
    .prepare(
      'SELECT (page_count - freelist_count) * page_size bytes FROM pragma_page_count, pragma_freelist_count, pragma_page_size',
    )
    .get() as { bytes: number };
  db.close();
  return bytes;
}
