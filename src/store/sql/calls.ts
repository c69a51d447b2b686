import { eligibleState } from '../../model/index.ts';
import {
  RequirementKind,
  type RequirementKindCode,
  type TaskCore,
  type Transaction,
} from '../transaction.ts';
import type { NewCall } from './new-rows.ts';

export type { NewCall } from './new-rows.ts';

export interface CallRow {
  readonly id: number;
  readonly latest: number | null;
}

/** The row of a call, made if there is none. */
export function ensureCall(tx: Transaction, call: NewCall): CallRow {
  const known = tx.db.get<CallRow>(
    'SELECT id, latest FROM call WHERE name = ? AND key = ?',
    call.name,
    call.key,
  );
  return known ?? { id: tx.rows.addCall(call, null) ?? 0, latest: null };
}

/** Adds a call with its task; returns their row ids, or undefined, and nothing is changed, where the call is there. */
export function insertNewCall(
  tx: Transaction,
  call: NewCall,
  task: Omit<NewTask, 'call' | 'previous'>,
): { readonly call: number; readonly task: number } | undefined {
  const id = tx.rows.addCall(call, tx.rows.nextTask);
  return id === undefined
    ? undefined
    : { call: id, task: addTask(tx, { ...task, call: id, previous: null }) };
}

/** One requirement of a task; `requirement` is a task's row id. */
export interface Requirement {
  readonly kind: RequirementKindCode;
  readonly requirement: number;
}

export interface NewTask {
  readonly call: number;
  readonly app: number;
  readonly lane: number;
  readonly identity: Uint8Array;
  readonly requirements: readonly Requirement[];
  /** The newest task of the same call, with other code. */
  readonly previous: number | null;
}

/** Adds a task in the state its requirements give it, the newest of its call; returns its row id. */
export function insertTask(tx: Transaction, task: NewTask): number {
  const id = addTask(tx, task);
  tx.db.run('UPDATE call SET latest = ? WHERE id = ?', id, task.call);
  return id;
}

function addTask(tx: Transaction, task: NewTask): number {
  const { app, lane, call, previous, identity, requirements } = task;
  const { unfinished, failed } = countRequirements(tx, requirements);
  const state = eligibleState({ unfinished, failed });
  const id = tx.rows.addTask(state, [call, app, lane, unfinished, failed, previous, identity]);
  insertRequirements(tx, id, requirements);
  tx.count(app, lane, state, 1);
  return id;
}

/** Adds rows; positions count within a kind, in the order given. */
export function insertRequirements(
  tx: Transaction,
  task: number,
  requirements: readonly Requirement[],
): void {
  // By kind. Settled requirements stand among the arguments, so both share one count of positions.
  const positions = [0, 0, 0, 0];
  for (const { kind, requirement } of requirements) {
    const group = kind === RequirementKind.SETTLED ? RequirementKind.ARGUMENT : kind;
    const position = positions[group] ?? 0;
    positions[group] = position + 1;
    tx.rows.addRequirement(task, kind, { position, requirement });
  }
}

export function countRequirements(
  tx: Transaction,
  requirements: readonly Requirement[],
): { unfinished: number; failed: number } {
  let unfinished = 0;
  let failed = 0;
  if (requirements.length > FEW) tx.readOutcomes(requirements.map(({ requirement }) => requirement));
  for (const { kind, requirement } of requirements) {
    const outcome = tx.carriedOutcome(requirement);
    if (outcome === 'open') unfinished++;
    else if (outcome === 'failed' && kind !== RequirementKind.SETTLED) failed++;
  }
  return { unfinished, failed };
}

// More are asked for in one statement.
const FEW = 8;

/** A task of a call, with what tells versions of it apart. */
export interface CallVersion extends TaskCore {
  readonly identity: Uint8Array;
  readonly call: number;
}

const VERSION = 'task.id, app, lane, state, unfinished, failed, attempts, handed, agent, identity';

/** All tasks of a call, the newest first. */
export function versionsOfCall(tx: Transaction, latest: number | null): CallVersion[] {
  if (latest === null) return [];
  return tx.db.all<CallVersion>(
    `WITH RECURSIVE version (id) AS (
       VALUES (?) UNION ALL SELECT task.previous FROM version JOIN task ON task.id = version.id
       WHERE task.previous IS NOT NULL)
     SELECT ${VERSION}, call
     FROM version JOIN task ON task.id = version.id ORDER BY task.id DESC`,
    latest,
  );
}

/** The row of a call, made if there is none, and its tasks, the newest first. */
export function meetCallRow(tx: Transaction, call: NewCall): CallRow & { readonly versions: CallVersion[] } {
  // Most calls have one task: one statement finds both.
  const found = tx.db.get<CallVersion & { readonly latest: number | null; readonly previous: number | null }>(
    `SELECT call.id call, call.latest, ${VERSION}, task.previous FROM call LEFT JOIN task ON task.id = call.latest
     WHERE call.name = ? AND call.key = ?`,
    call.name,
    call.key,
  );
  if (found === undefined) return { ...ensureCall(tx, call), versions: [] };
  const { latest, previous } = found;
  const versions = latest !== null && previous === null ? [found] : versionsOfCall(tx, latest);
  return { id: found.call, latest, versions };
}

/** A call that is there: by its key, or by its number among those of the app name. */
export function findCall(
  tx: Transaction,
  name: number,
  by: { readonly key: string } | { readonly number: number },
): { readonly latest: number | null; readonly key: string } | undefined {
  const [column, value] = 'key' in by ? ['key', by.key] : ['number', by.number];
  return tx.db.get(`SELECT latest, key FROM call WHERE name = ? AND ${column} = ?`, name, value);
}

/** The tasks a task was given at its call, in the order of kinds and positions. */
export function requirementsOf(tx: Transaction, task: number): Requirement[] {
  return tx.db.all<{ kind: RequirementKindCode; requirement: number }>(
    'SELECT kind, requirement FROM requires WHERE task = ? AND kind <> ? ORDER BY kind = 1, position',
    task,
    RequirementKind.RETURNED,
  );
}

/** Gives a task that is not running other requirements; returns it with the state that follows. */
export function changeRequirements<T extends TaskCore>(
  tx: Transaction,
  task: T,
  requirements: readonly Requirement[],
): T {
  const before = requirementsOf(tx, task.id);
  if (isSameList(before, requirements)) return task;
  tx.db.run('DELETE FROM requires WHERE task = ? AND kind <> ?', task.id, RequirementKind.RETURNED);
  insertRequirements(tx, task.id, requirements);
  const { unfinished, failed } = countRequirements(tx, requirements);
  tx.db.run('UPDATE task SET unfinished = ?, failed = ? WHERE id = ?', unfinished, failed, task.id);
  const changed = { ...task, unfinished, failed };
  return { ...changed, state: tx.change('recount', changed) ?? task.state };
}

function isSameList(a: readonly Requirement[], b: readonly Requirement[]): boolean {
  const isSame = (one: Requirement, other: Requirement | undefined) =>
    one.requirement === other?.requirement && one.kind === other.kind;
  return a.length === b.length && a.every((one, position) => isSame(one, b[position]));
}
