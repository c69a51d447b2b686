import type { Database } from '../driver.ts';
import { EXAMPLES, type Finding } from './finding.ts';

/** A rule about rows. */
export interface RowCheck extends Pick<Finding, 'code' | 'level' | 'means' | 'cure'> {
  readonly what: string;
  /** Selects what breaks the rule: one column, by which it is named. */
  readonly sql: string;
}

/** Reads only a few of what breaks the rule, and counts the others. */
export function runRowCheck(db: Database, { sql, ...rule }: RowCheck): Finding[] {
  const examples = db.tuples<[string | number]>(`${sql} LIMIT ${EXAMPLES + 1}`).map(([name]) => String(name));
  if (examples.length === 0) return [];
  const isAll = examples.length <= EXAMPLES;
  const count = isAll ? examples.length : (db.get<{ n: number }>(`SELECT count(*) n FROM (${sql})`)?.n ?? 0);
  return [{ ...rule, count, examples: examples.slice(0, EXAMPLES) }];
}

/** The id of a task as users know it. */
export const TASK_ID = 'lower(hex(substr(task.identity, 1, 8)))';
