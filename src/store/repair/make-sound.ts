import { isProvenDead } from '../../util/index.ts';
import type { Database } from '../driver.ts';
import { retryTask } from '../sql/changes.ts';
import { identityOf, type ProcessRow } from '../sql/processes.ts';
import { type TaskCore, Transaction } from '../transaction.ts';

const UNUSABLE = `SELECT task.id FROM task LEFT JOIN call ON call.id = task.call LEFT JOIN app ON app.id = task.app
  LEFT JOIN app_name ON app_name.id = app.name LEFT JOIN program ON program.id = app.program
  LEFT JOIN lane ON lane.id = task.lane LEFT JOIN task_manager ON task_manager.id = lane.task_manager
  WHERE call.id IS NULL OR app_name.id IS NULL OR program.id IS NULL OR task_manager.id IS NULL`;

// Unfinished, and it once counted more requirements than there are rows for, or returned Futures that are not there.
const INCOMPLETE = `SELECT task.id FROM task LEFT JOIN (
    SELECT requires.task, count(*) open FROM requires LEFT JOIN task needed ON needed.id = requires.requirement
    GROUP BY requires.task) found ON found.task = task.id
  WHERE task.state IN (1, 2) AND (coalesce(found.open, 0) < task.unfinished + task.failed
    OR task.handed = 1 AND task.id NOT IN (SELECT task FROM result))`;

/** Tasks by what became of them. */
export interface Changed {
  /** Taken out: their call, code, options or requirements are lost. */
  readonly removed: readonly string[];
  /** Succeeded, and run again: their results are lost. */
  readonly again: readonly string[];
}

/** Makes the rows that are there a queue that agrees with itself, in one transaction. */
export function makeSound(db: Database): Changed {
  const removed = idsOf(db, `${UNUSABLE} UNION ${INCOMPLETE}`);
  keepIdsUnused(db);
  db.run(`DELETE FROM task WHERE id IN (${UNUSABLE} UNION ${INCOMPLETE})`);
  removeDangling(db);
  mendReferences(db);
  endProcesses(db);
  recount(db);
  const lost =
    'SELECT task.id FROM task LEFT JOIN result ON result.task = task.id WHERE state = 5 AND result.task IS NULL';
  const again = idsOf(db, lost);
  const rows = db.all<{ id: number }>(lost).map(({ id }) => id);
  const tx = new Transaction(db);
  for (const task of wrongStates(db)) tx.change('recount', task);
  for (const row of rows) retryTask(tx, row);
  tx.finish();
  return { removed, again };
}

function idsOf(db: Database, rows: string): string[] {
  return db
    .all<{ id: string }>(`SELECT lower(hex(identity)) id FROM task WHERE id IN (${rows}) ORDER BY task.id`)
    .map(({ id }) => id);
}

/** Rows that are lost leave ids which others still name; new rows must not get them. */
function keepIdsUnused(db: Database): void {
  const most = (...columns: string[]): string => {
    const parts = columns.map((column) => {
      const [table, name] = column.split('.');
      return `SELECT coalesce(max(${name}), 0) n FROM ${table}`;
    });
    return `SELECT max(n) FROM (${parts.join(' UNION ALL ')})`;
  };
  const task = most(
    'task.id',
    'requires.task',
    'requires.requirement',
    'attempt.task',
    'result.task',
    'call.latest',
    'task.previous',
    'checkpoint.task',
  );
  for (const [table, ids] of [
    ['task', task],
    ['call', most('call.id', 'task.call')],
    ['attempt', most('attempt.id', 'output.attempt')],
    ['process', most('process.id', 'task.agent', 'attempt.agent')],
  ]) {
    db.run(`DELETE FROM sqlite_sequence WHERE name = '${table}'`);
    // One damaged page of tasks holds fewer rows than this.
    db.run(`INSERT INTO sqlite_sequence (name, seq) SELECT '${table}', (${ids}) + 10000`);
  }
}

function removeDangling(db: Database): void {
  for (const table of ['requires', 'attempt', 'result', 'checkpoint', 'scope', 'kill_request'])
    db.run(`DELETE FROM ${table} WHERE task NOT IN (SELECT id FROM task)`);
  db.run('DELETE FROM output WHERE attempt NOT IN (SELECT id FROM attempt)');
  db.run('DELETE FROM result WHERE task IN (SELECT id FROM task WHERE state <> 5 AND handed = 0)');
  db.run(
    'DELETE FROM app WHERE name NOT IN (SELECT id FROM app_name) OR program NOT IN (SELECT id FROM program)',
  );
  db.run('DELETE FROM lane WHERE task_manager NOT IN (SELECT id FROM task_manager)');
  db.run('DELETE FROM kill_request');
  db.run('DELETE FROM slot');
}

function mendReferences(db: Database): void {
  db.run('CREATE TEMP TABLE newest AS SELECT call, max(id) id FROM task GROUP BY call');
  db.run('CREATE UNIQUE INDEX temp.newest_call ON newest (call)');
  db.run(
    `UPDATE call SET latest = (SELECT id FROM newest WHERE newest.call = call.id)
     WHERE latest IS NOT (SELECT id FROM newest WHERE newest.call = call.id)`,
  );
  db.run('DROP TABLE newest');
  db.run(
    `UPDATE task SET previous = (SELECT max(older.id) FROM task older WHERE older.call = task.call AND older.id < task.id)
     WHERE previous IS NOT NULL AND previous NOT IN (SELECT id FROM task)`,
  );
  db.run(
    'UPDATE app_name SET calls = max(calls, coalesce((SELECT max(number) + 1 FROM call WHERE call.name = app_name.id), 0))',
  );
  db.run(
    `UPDATE task SET attempts = max(attempts, (SELECT max(number) FROM attempt WHERE attempt.task = task.id))
     WHERE id IN (SELECT attempt.task FROM attempt JOIN task ON task.id = attempt.task WHERE number > attempts)`,
  );
  db.run(
    `DELETE FROM attempt WHERE id NOT IN (SELECT max(id) FROM attempt GROUP BY task, number) AND account IN (0, 2)
       AND (task, number) IN (SELECT task, number FROM attempt WHERE (account = 0 AND state <> 7) OR account = 2
         GROUP BY task, number HAVING count(*) > 1)`,
  );
}

/** Nothing works on the new file: what ran is to be run again, or, where its agent is lost too, is not known of. */
function endProcesses(db: Database): void {
  db.run('UPDATE task SET agent = NULL WHERE state NOT IN (4, 8)');
  db.run(
    'UPDATE task SET state = 8 WHERE state = 4 AND agent IS NOT NULL AND agent NOT IN (SELECT id FROM process)',
  );
  db.run('UPDATE task SET agent = 0 WHERE state = 8 AND agent IS NULL');
  db.run('UPDATE task SET state = 3, agent = NULL WHERE state = 4');
  db.run('UPDATE process SET ended = started WHERE ended IS NULL');
}

/** Processes of the damaged queue that may be alive: what they do goes to the old file. */
export function mayBeAlive(db: Database): ProcessRow[] {
  return db.all<ProcessRow>('SELECT * FROM process WHERE ended IS NULL').filter((row) => {
    const identity = identityOf(row);
    return identity !== undefined && !isProvenDead(identity);
  });
}

/** Counters and tally from what is there. States follow later, since dependents learn of each change. */
function recount(db: Database): void {
  db.run('CREATE TEMP TABLE counted (task INTEGER PRIMARY KEY, unfinished, failed)');
  db.run(
    `INSERT INTO counted SELECT requires.task, sum(needed.state IS NOT NULL AND needed.state NOT IN (2, 5, 6, 7)),
       sum((needed.state IS NULL OR needed.state IN (2, 6, 7)) AND requires.kind <> 2)
     FROM requires LEFT JOIN task needed ON needed.id = requires.requirement GROUP BY requires.task`,
  );
  db.run(
    `UPDATE task SET unfinished = 0, failed = 0
     WHERE (unfinished <> 0 OR failed <> 0) AND id NOT IN (SELECT task FROM counted)`,
  );
  db.run(
    `UPDATE task SET unfinished = counted.unfinished, failed = counted.failed FROM counted
     WHERE counted.task = task.id AND (task.unfinished <> counted.unfinished OR task.failed <> counted.failed)`,
  );
  db.run('DROP TABLE counted');
  db.run('DELETE FROM tally');
  db.run('INSERT INTO tally SELECT app, lane, state, count(*) FROM task GROUP BY app, lane, state');
}

function wrongStates(db: Database): TaskCore[] {
  return db.all<TaskCore>(
    `SELECT id, app, lane, state, unfinished, failed, attempts, handed, agent FROM task WHERE state <= 3
       AND state <> CASE WHEN failed > 0 THEN 2 WHEN unfinished > 0 THEN 1 ELSE 3 END`,
  );
}
