import type { ProcessIdentity } from '../../util/index.ts';
import type { Database } from '../driver.ts';
import type { Transaction } from '../transaction.ts';
import { forgetBeats } from './beats.ts';

export type ProcessKind = 'manager' | 'agent';
/** 0: go on; 1: end after the running tasks; 2: end now. */
export type StopLevel = 0 | 1 | 2;

/** A manager or an agent. `pid` is null until the process itself has said that it runs. */
export interface ProcessRow {
  readonly id: number;
  readonly kind: ProcessKind;
  readonly host: string | null;
  readonly boot: string | null;
  readonly pid: number | null;
  readonly start_time: string | null;
  /** Milliseconds since 1970. */
  readonly started: number;
  readonly ended: number | null;
  readonly stop: StopLevel;
  readonly provider: string | null;
  readonly job: string | null;
  /** Row id of the manager that started it. */
  readonly starter: number | null;
  readonly settings: string;
  /** JSON: versions of Node and tspipe. */
  readonly versions: string | null;
}

export function liveProcesses(db: Database, kind: ProcessKind): ProcessRow[] {
  return db.all<ProcessRow>('SELECT * FROM process WHERE ended IS NULL AND kind = ? ORDER BY id', kind);
}

export function processRow(db: Database, id: number): ProcessRow | undefined {
  return db.get<ProcessRow>('SELECT * FROM process WHERE id = ?', id);
}

/** The identity of a row's process, or undefined while it has not said that it runs. */
export function identityOf(row: ProcessRow): ProcessIdentity | undefined {
  if (row.pid === null) return undefined;
  return { host: row.host ?? '', boot: row.boot ?? '', pid: row.pid, startTime: row.start_time ?? '' };
}

export function insertManager(tx: Transaction, identity: ProcessIdentity): number {
  const { rowId } = tx.db.run('INSERT INTO process (kind, started) VALUES (?, ?)', 'manager', Date.now());
  writeIdentity(tx, rowId, identity);
  return rowId;
}

export interface NewAgent {
  readonly provider: string;
  readonly starter: number | null;
  /** JSON, for the agent to read. */
  readonly settings: string;
}

/** The intention to start an agent, written before it is started. */
export function insertAgent(tx: Transaction, agent: NewAgent): number {
  return tx.db.run(
    'INSERT INTO process (kind, started, provider, starter, settings) VALUES (?, ?, ?, ?, ?)',
    'agent',
    Date.now(),
    agent.provider,
    agent.starter,
    agent.settings,
  ).rowId;
}

export function writeJob(tx: Transaction, agent: number, job: string): void {
  tx.db.run('UPDATE process SET job = ? WHERE id = ?', job, agent);
}

export function writeIdentity(tx: Transaction, id: number, identity: ProcessIdentity): void {
  tx.db.run(
    'UPDATE process SET host = ?, boot = ?, pid = ?, start_time = ? WHERE id = ?',
    identity.host,
    identity.boot,
    identity.pid,
    identity.startTime,
    id,
  );
}

export function endProcess(tx: Transaction, id: number): void {
  tx.db.run('UPDATE process SET ended = ? WHERE id = ? AND ended IS NULL', Date.now(), id);
  tx.db.run('DELETE FROM slot WHERE agent = ?', id);
  tx.db.run('DELETE FROM kill_request WHERE agent = ?', id);
  forgetBeats(tx, id);
}

export function requestStop(tx: Transaction, id: number, level: StopLevel): void {
  tx.db.run('UPDATE process SET stop = max(stop, ?) WHERE id = ?', level, id);
}

export interface SlotRow {
  readonly agent: number;
  readonly task_manager: number;
  readonly workers: number;
}

export function slotsOf(db: Database, agent: number): SlotRow[] {
  return db.all<SlotRow>('SELECT * FROM slot WHERE agent = ?', agent);
}

export function writeSlot(tx: Transaction, { agent, task_manager, workers }: SlotRow): void {
  tx.db.run(
    'INSERT INTO slot VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET workers = excluded.workers WHERE workers <> excluded.workers',
    agent,
    task_manager,
    workers,
  );
}

export function killRequests(db: Database, agent: number): { task: number; attempt: number }[] {
  return db.all('SELECT task, attempt FROM kill_request WHERE agent = ?', agent);
}

/** What was asked of an agent for these tasks is done. */
export function answerKillRequests(tx: Transaction, agent: number, tasks: ReadonlySet<number>): void {
  for (const { task } of killRequests(tx.db, agent))
    if (tasks.has(task)) tx.db.run('DELETE FROM kill_request WHERE agent = ? AND task = ?', agent, task);
}

export function writeVersions(tx: Transaction, id: number, versions: Readonly<Record<string, string>>): void {
  tx.db.run('UPDATE process SET versions = ? WHERE id = ?', JSON.stringify(versions), id);
}
