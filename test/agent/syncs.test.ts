import { expect, it, onTestFinished } from 'vitest';
import { Agent } from '../../src/agent/agent.ts';
import {
  endProcess,
  insertAgent,
  requestStop,
  Store,
  type Sync,
  type Transaction,
  writeSlot,
} from '../../src/store/index.ts';
import { makePlace } from '../helpers/place.ts';

interface Written {
  /** What SQLite does at the end of the transaction: 2 is a sync before anybody sees it, see "PRAGMA synchronous". */
  readonly synchronous: number | undefined;
  readonly attempts: number;
  readonly claims: number;
}

/** Notes what each transaction writes. */
class WatchedStore extends Store {
  readonly written: Written[] = [];

  override tryWrite<T>(work: (tx: Transaction) => T, sync?: Sync): { readonly value: T } | undefined {
    return super.tryWrite((tx) => {
      const before = counts(tx);
      const value = work(tx);
      const { attempts, claims } = counts(tx);
      const synchronous = tx.db.get<{ synchronous: number }>('PRAGMA synchronous')?.synchronous;
      this.written.push({
        synchronous,
        attempts: attempts - before.attempts,
        claims: claims - before.claims,
      });
      return value;
    }, sync);
  }
}

function counts(tx: Transaction): { readonly attempts: number; readonly claims: number } {
  const row = tx.db.get<{ attempts: number; claims: number }>(
    'SELECT (SELECT count(*) FROM attempt) attempts, (SELECT sum(attempts) FROM task) claims',
  );
  return row ?? { attempts: 0, claims: 0 };
}

it('what ended is synced before anybody sees it, and a claim alone is not', async () => {
  const place = makePlace();
  const next = place.taskManager({ scheduler: { maxWorkers: 1 } }).tsApp(function next(n: number) {
    return n + 1;
  });
  const last = next(next(next(0)));
  await place.queue.summary();
  const store = new WatchedStore(place.queue.path);
  onTestFinished(() => store.close());
  const id = await store.write((tx) => {
    const agent = insertAgent(tx, { provider: '{}', starter: 0, settings: '{}' });
    writeSlot(tx, { agent, task_manager: 1, workers: 1 });
    return agent;
  });
  onTestFinished(() => store.writeNow((tx) => endProcess(tx, id)));
  const agent = new Agent(store, id).run();
  expect(await last.result()).toBe(3);
  await store.write((tx) => requestStop(tx, id, 1));
  await agent;
  const ends = store.written.filter(({ attempts }) => attempts > 0);
  expect(ends).toHaveLength(3);
  expect(ends.every(({ synchronous }) => synchronous === 2)).toBe(true);
  const claims = store.written.filter(({ attempts, claims }) => attempts === 0 && claims > 0);
  expect(claims).toMatchObject([{ claims: 1, synchronous: 1 }]);
});
