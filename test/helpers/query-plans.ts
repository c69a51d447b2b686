import { type Database, type Store, Transaction } from '../../src/store/index.ts';

type Method = 'all' | 'get' | 'run';

// Reading one of these indexes as a whole is reading the few tasks that are in it.
const PARTIAL = /USING (COVERING )?INDEX task_(running|pending|delayed|unusual|put_back)\b/;

/**
 * The steps, as SQLite plans them, in which `work` reads the whole of a table that grows with the number of tasks.
 * What it changes is not kept.
 */
export function wholeTableReads(store: Store, work: (tx: Transaction) => unknown): string[] {
  const statements: { readonly sql: string; readonly values: readonly never[] }[] = [];
  const steps: string[] = [];
  const undo = new Error('undo');
  const heard = (db: Database): Database => {
    const listen =
      (method: Method) =>
      (sql: string, ...values: never[]): unknown => {
        statements.push({ sql, values });
        return db[method](sql, ...values);
      };
    const methods = { all: listen('all'), get: listen('get'), run: listen('run') };
    return new Proxy(db, {
      get: (target, key) => {
        const own: unknown = Reflect.get(target, key, target);
        return methods[key as Method] ?? (typeof own === 'function' ? own.bind(target) : own);
      },
    });
  };
  try {
    store.writeNow((tx) => {
      const other = new Transaction(heard(tx.db));
      work(other);
      other.finish();
      for (const { sql, values } of statements) {
        const plan = tx.db.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...values);
        steps.push(...plan.map(({ detail }) => detail));
      }
      throw undo;
    });
  } catch (error) {
    if (error !== undo) throw error;
  }
  return steps.filter(
    (step) => /^SCAN (task|call|attempt|requires|result|output)\b/.test(step) && !PARTIAL.test(step),
  );
}
