// The two SQLite drivers on the real path of an agent: "these are finished, claim the next", by the statements of
// src/store, at synchronous=FULL. `npm run bench:drivers`; better-sqlite3 comes with the peers of the bench.
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Queue } from 'tspipe';
import { Database } from '../src/store/driver.ts';
import {
  claimTasks,
  type ClaimedTask,
  commitAttempts,
  emptyAttempt,
  Transaction,
} from '../src/store/index.ts';
import { add } from './lib/add.ts';
import { check, makeFolder } from './lib/place.ts';
import { table } from './lib/report.ts';
import { median } from './lib/statistics.ts';

const ROUNDS = 5;
const AGENT = 1;
/** How many tasks in a transaction, and how many in all. */
const SIZES = [
  { batch: 1, tasks: 2000 },
  { batch: 64, tasks: 20_000 },
  { batch: 512, tasks: 50_000 },
];

/** What both drivers have alike. */
type Driver = Pick<DatabaseSync, 'prepare' | 'exec' | 'close'>;

type Better = new (path: string, options: { readonly timeout: number }) => Driver;

const start = performance.now();
const BetterSqlite3 = createRequire(join(import.meta.dirname, 'peers/package.json'))(
  'better-sqlite3',
) as Better;
const loadMs = performance.now() - start;

const drivers: Readonly<Record<string, (path: string) => Driver>> = {
  'node:sqlite': (path) => new DatabaseSync(path, { timeout: 0 }),
  'better-sqlite3': (path) => new BetterSqlite3(path, { timeout: 0 }),
};

/** `Database` of src/store over either driver, statement for statement. */
class Statements {
  readonly #driver: Driver;
  readonly #statements = new Map<string, ReturnType<Driver['prepare']>>();
  readonly insert = Database.prototype.insert;

  constructor(driver: Driver) {
    this.#driver = driver;
  }

  all(sql: string, ...values: (string | number)[]): unknown[] {
    return this.#prepare(sql).all(...values);
  }

  tuples(sql: string, ...values: (string | number)[]): unknown[] {
    const statement = this.#prepare(sql);
    if ('raw' in statement) (statement.raw as () => unknown)();
    else statement.setReturnArrays(true);
    return statement.all(...values);
  }

  get(sql: string, ...values: (string | number)[]): unknown {
    return this.#prepare(sql).get(...values);
  }

  run(sql: string, ...values: (string | number)[]): { readonly changes: number; readonly rowId: number } {
    const { changes, lastInsertRowid } = this.#prepare(sql).run(...values);
    return { changes: Number(changes), rowId: Number(lastInsertRowid) };
  }

  #prepare(sql: string): ReturnType<Driver['prepare']> {
    const statement = this.#statements.get(sql) ?? this.#driver.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** Of each driver and size, a cost for each round. */
const costs = new Map<string, Cost[]>();
for (let round = 0; round < ROUNDS; round++) {
  for (const { batch, tasks } of SIZES) {
    for (const [name, open] of Object.entries(drivers)) {
      const key = `${name} ${batch}`;
      costs.set(key, [...(costs.get(key) ?? []), await measureOne(open, batch, tasks)]);
    }
  }
}

const lines = SIZES.map(({ batch }) => {
  const [ours = [], better = []] = Object.keys(drivers).map((name) => costs.get(`${name} ${batch}`));
  const [wall, betterWall] = [ours, better].map((all) => median(all.map(({ wallUs }) => wallUs)));
  const [cpu, betterCpu] = [ours, better].map((all) => median(all.map(({ cpuUs }) => cpuUs)));
  const cells = [wall, betterWall, cpu, betterCpu].map((us = Number.NaN) => us.toPrecision(3));
  return [String(batch), ...cells, ((betterCpu ?? 0) / (cpu ?? 0)).toFixed(2)];
});
console.log(
  `Node ${process.version}; better-sqlite3 loads in ${loadMs.toFixed(1)} ms. Microseconds a task:\n`,
);
const heads = [
  'node:sqlite',
  'better-sqlite3',
  'node:sqlite, CPU',
  'better-sqlite3, CPU',
  'CPU, better/node',
];
console.log(table(['tasks a transaction', ...heads], lines));

interface Cost {
  readonly wallUs: number;
  readonly cpuUs: number;
}

/** Of a task, from the first claim to the last commit. */
async function measureOne(open: (path: string) => Driver, batch: number, tasks: number): Promise<Cost> {
  const folder = makeFolder();
  try {
    const queue = new Queue('drivers', { baseDir: folder });
    await add(queue, tasks, (index) => index);
    queue.close();
    const driver = open(queue.path);
    driver.exec('PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000; PRAGMA temp_store = MEMORY;');
    const db = new Statements(driver);
    const { lane } = db.get('SELECT lane FROM task LIMIT 1') as { lane: number };
    let held: readonly ClaimedTask[] = [];
    const [begin, used] = [performance.now(), process.cpuUsage()];
    do held = commitAndClaim(db, held, { lane, limit: batch });
    while (held.length > 0);
    const ms = performance.now() - begin;
    const { user, system } = process.cpuUsage(used);
    const { done } = db.get('SELECT count(*) done FROM result') as { done: number };
    check(done === tasks, 'the number of results');
    driver.close();
    return { wallUs: (ms * 1000) / tasks, cpuUs: (user + system) / tasks };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One transaction of an agent. */
function commitAndClaim(
  db: Statements,
  held: readonly ClaimedTask[],
  { lane, limit }: { readonly lane: number; readonly limit: number },
): readonly ClaimedTask[] {
  db.run('BEGIN IMMEDIATE');
  const tx = new Transaction(db as unknown as Database);
  commitAttempts(
    tx,
    held.map(({ id, attempts, key, app, lane }) => ({
      ...emptyAttempt(id, attempts, AGENT),
      app,
      lane,
      outcome: 'succeed',
      started: Date.now(),
      seconds: 0.0001,
      result: { text: key, blob: null },
    })),
  );
  const claimed = claimTasks(tx, { agent: AGENT, lane, limit, scoped: false });
  tx.finish();
  db.run('COMMIT');
  return claimed;
}
