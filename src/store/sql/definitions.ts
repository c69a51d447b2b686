import { hash } from 'node:crypto';
import type { Database } from '../driver.ts';
import type { Transaction } from '../transaction.ts';

/** Captured code as a row. `text` travels to workers; `blob` names its binary parts. */
export interface ProgramRow {
  readonly id: number;
  readonly identity: string;
  readonly text: string;
  readonly blob: string | null;
  readonly source: string;
  /** JSON: parameter names by position. */
  readonly parameters: string;
  readonly file: string | null;
  readonly line: number | null;
  /** JSON: package names to versions. */
  readonly versions: string;
}

export interface TaskManagerRow {
  readonly id: number;
  readonly key: string;
  readonly environ: string;
  readonly scheduler: string;
  readonly provider: string;
}

export interface LaneRow {
  readonly id: number;
  readonly task_manager: number;
  readonly cwd: string;
  readonly options: string;
  readonly priority: number;
}

export function ensureProgram(tx: Transaction, program: Omit<ProgramRow, 'id'>): number {
  const key = hash('sha256', `${program.versions}\n${program.text}`);
  const known = tx.db.get<{ id: number }>('SELECT id FROM program WHERE hash = ?', key);
  if (known !== undefined) return known.id;
  return tx.db.run(
    `INSERT INTO program (hash, identity, text, blob, source, parameters, file, line, versions)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    key,
    program.identity,
    program.text,
    program.blob,
    program.source,
    program.parameters,
    program.file,
    program.line,
    program.versions,
  ).rowId;
}

export function ensureAppName(tx: Transaction, name: string): number {
  tx.db.run('INSERT INTO app_name (name) VALUES (?) ON CONFLICT DO NOTHING', name);
  return tx.db.get<{ id: number }>('SELECT id FROM app_name WHERE name = ?', name)?.id ?? 0;
}

export interface NewApp {
  readonly name: number;
  readonly kind: string;
  readonly identity: string;
  readonly program: number;
}

/** Code of equal identity but other text (comments, lines, versions of packages) becomes that of the app. */
export function ensureApp(tx: Transaction, app: NewApp): number {
  tx.db.run(
    'INSERT INTO app (name, kind, identity, program) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET program = excluded.program',
    app.name,
    app.kind,
    app.identity,
    app.program,
  );
  const row = tx.db.get<{ id: number }>(
    'SELECT id FROM app WHERE name = ? AND identity = ?',
    app.name,
    app.identity,
  );
  return row?.id ?? 0;
}

export function ensureTaskManager(tx: Transaction, row: Omit<TaskManagerRow, 'id'>): number {
  tx.db.run(
    'INSERT INTO task_manager (key, environ, scheduler, provider) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    row.key,
    row.environ,
    row.scheduler,
    row.provider,
  );
  return tx.db.get<{ id: number }>('SELECT id FROM task_manager WHERE key = ?', row.key)?.id ?? 0;
}

/** The environments of all task managers, as texts. */
export function environments(db: Database): readonly string[] {
  return db.all<{ environ: string }>('SELECT environ FROM task_manager').map(({ environ }) => environ);
}

export function ensureLane(tx: Transaction, lane: Omit<LaneRow, 'id'>): number {
  const { task_manager, cwd, options, priority } = lane;
  tx.db.run(
    'INSERT INTO lane (task_manager, cwd, options, priority) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    task_manager,
    cwd,
    options,
    priority,
  );
  const row = tx.db.get<{ id: number }>(
    'SELECT id FROM lane WHERE task_manager = ? AND cwd = ? AND options = ? AND priority = ?',
    task_manager,
    cwd,
    options,
    priority,
  );
  return row?.id ?? 0;
}

export function laneRow(db: Database, id: number): LaneRow | undefined {
  return db.get<LaneRow>('SELECT * FROM lane WHERE id = ?', id);
}

export function taskManagerRow(db: Database, key: string): TaskManagerRow | undefined {
  return db.get<TaskManagerRow>('SELECT * FROM task_manager WHERE key = ?', key);
}
