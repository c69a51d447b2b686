import type { TaskStateCode } from '../../model/index.ts';
import type { Database } from '../driver.ts';
import { RequirementKind, type RequirementKindCode } from '../transaction.ts';
import type { AttemptAccountCode, StoredText } from './ended-attempt.ts';
import type { ProgramRow } from './definitions.ts';

/** An ended attempt, with where it ran. */
export interface AttemptRow {
  readonly id: number;
  readonly task: number;
  readonly number: number;
  readonly state: TaskStateCode;
  readonly account: AttemptAccountCode;
  readonly agent: number | null;
  readonly worker: number | null;
  readonly started: number | null;
  readonly seconds: number | null;
  readonly exit_code: number | null;
  readonly signal: string | null;
  readonly error: string | null;
  /** Row id of the code that ran. */
  readonly program: number | null;
  readonly note: string | null;
  /** Bytes. */
  readonly peak_memory: number | null;
  /** JSON: versions of Node and tspipe. */
  readonly versions: string | null;
  readonly host: string | null;
  readonly job: string | null;
  /** Process id of the agent. */
  readonly agent_pid: number | null;
}

/** The attempts of a task, the oldest first. */
export function attemptsOf(db: Database, task: number): AttemptRow[] {
  return db.all<AttemptRow>(
    `SELECT attempt.*, process.host, process.job, process.versions, process.pid agent_pid
     FROM attempt LEFT JOIN process ON process.id = attempt.agent
     WHERE task = ? ORDER BY attempt.id`,
    task,
  );
}

export function outputOf(db: Database, attempt: number, stream: 1 | 2): StoredText | undefined {
  return db.get<StoredText>(
    'SELECT text, blob FROM output WHERE attempt = ? AND stream = ?',
    attempt,
    stream,
  );
}

/** What a Future of a task answers with, where it returned no Futures. */
export interface AnswerRow extends StoredText {
  readonly state: TaskStateCode;
  /** 1 where it returned Futures. */
  readonly handed: number;
}

/** The state of a task and its result, in one statement; undefined where it was removed. */
export function answerOf(db: Database, task: number): AnswerRow | undefined {
  return db.get<AnswerRow>(
    'SELECT state, handed, text, blob FROM task LEFT JOIN result ON result.task = task.id WHERE task.id = ?',
    task,
  );
}

export function resultOf(db: Database, task: number): StoredText | undefined {
  return db.get<StoredText>('SELECT text, blob FROM result WHERE task = ?', task);
}

export function programRow(db: Database, id: number): ProgramRow | undefined {
  return db.get<ProgramRow>('SELECT * FROM program WHERE id = ?', id);
}

/** JSON: the names of the parameters of some code, by position. */
export function parametersOfProgram(db: Database, id: number): string | undefined {
  return db.get<{ parameters: string }>('SELECT parameters FROM program WHERE id = ?', id)?.parameters;
}

export interface RequirementRow {
  readonly kind: RequirementKindCode;
  readonly position: number;
  readonly requirement: number;
}

/** A requirement with what became of its task. */
export interface RequiredRow extends RequirementRow {
  /** null where the task was removed. */
  readonly state: TaskStateCode | null;
  /** 1 where the task returned Futures. */
  readonly handed: number | null;
  /** Its result. */
  readonly text: string | null;
  readonly blob: string | null;
}

const REQUIRED = `SELECT requires.kind, requires.position, requires.requirement, task.state, task.handed, result.text, result.blob
  FROM requires LEFT JOIN task ON task.id = requires.requirement LEFT JOIN result ON result.task = requires.requirement`;

/** The tasks among a task's arguments with their results, by position. */
export function argumentTasks(db: Database, task: number): RequiredRow[] {
  return db.all<RequiredRow>(
    `${REQUIRED} WHERE requires.task = ? AND requires.kind IN (0, 2) ORDER BY requires.position`,
    task,
  );
}

/** The tasks whose Futures a task returned with their results, by position. */
export function returnedResults(db: Database, task: number): RequiredRow[] {
  return db.all<RequiredRow>(
    `${REQUIRED} WHERE requires.task = ? AND requires.kind = 3 ORDER BY requires.position`,
    task,
  );
}

/** The tasks whose Futures a task returned, by position. */
export function returnedTasks(db: Database, task: number): RequirementRow[] {
  return db.all<RequirementRow>(
    'SELECT kind, position, requirement FROM requires WHERE task = ? AND kind = ? ORDER BY position',
    task,
    RequirementKind.RETURNED,
  );
}

/** Every requirement of a task. */
export function allRequirements(db: Database, task: number): RequirementRow[] {
  return db.all<RequirementRow>(
    'SELECT kind, position, requirement FROM requires WHERE task = ? ORDER BY kind, position',
    task,
  );
}

/**
 * Why tasks are blocked: the first task they require that failed by itself, or, where there is none, all they require
 * that are blocked.
 */
export function culpritAmong(
  db: Database,
  tasks: readonly number[],
): { readonly culprit: number } | { readonly blocked: readonly number[] } {
  const failed = `FROM json_each(?) one JOIN requires ON requires.task = one.value JOIN task ON task.id = requires.requirement
    WHERE requires.kind <> 2 AND task.state`;
  const list = JSON.stringify(tasks);
  const first = db.get<{ id: number }>(
    `SELECT task.id ${failed} IN (6, 7) ORDER BY one.key, requires.kind, requires.position LIMIT 1`,
    list,
  );
  if (first !== undefined) return { culprit: first.id };
  const rows = db.all<{ id: number }>(`SELECT DISTINCT task.id ${failed} = 2`, list);
  return { blocked: rows.map(({ id }) => id) };
}

/** Row ids of tasks that require one of these, directly. */
export function dependentsOf(db: Database, tasks: readonly number[]): number[] {
  return db
    .all<{ task: number }>(
      'SELECT DISTINCT task FROM requires WHERE requirement IN (SELECT value FROM json_each(?)) ORDER BY task',
      JSON.stringify(tasks),
    )
    .map(({ task }) => task);
}

/** Attempts that ended after the one with id `after`. */
export function completionsSince(db: Database, after: number): { id: number; task: number }[] {
  return db.all('SELECT id, task FROM attempt WHERE id > ? ORDER BY id', after);
}

/** Versions of packages, as JSON, of the code that made a task's result. */
export function versionsOfResult(db: Database, task: number): string | undefined {
  return db.get<{ versions: string }>(
    `SELECT program.versions FROM attempt JOIN program ON program.id = attempt.program
     WHERE attempt.task = ? ORDER BY attempt.id DESC LIMIT 1`,
    task,
  )?.versions;
}

/** Id of the newest ended attempt: the cursor of completions. */
export function completionCursor(db: Database): number {
  return db.get<{ id: number | null }>('SELECT max(id) id FROM attempt')?.id ?? 0;
}

export function checkpointOf(db: Database, task: number): { text: string; blob: string | null } | undefined {
  return db.get('SELECT text, blob FROM checkpoint WHERE task = ?', task);
}

/** Id of the newest ended attempt of a task; 0 where none ended. */
export function lastAttemptOf(db: Database, task: number): number {
  return db.get<{ id: number | null }>('SELECT max(id) id FROM attempt WHERE task = ?', task)?.id ?? 0;
}
