import { hash } from 'node:crypto';
import type { Database } from '../driver.ts';
import { counted, EXAMPLES, type Finding, REPAIR } from './finding.ts';

// Columns that hold JSON. SQLite refuses what is nested deeper than we allow, so what it refuses is read once more.
export const JSON_COLUMNS: readonly (readonly [table: string, ...columns: string[]])[] = [
  ['program', 'text', 'parameters', 'versions'],
  ['task_manager', 'environ', 'scheduler', 'provider'],
  ['lane', 'options'],
  ['call', 'args'],
  ['attempt', 'error'],
  ['result', 'text'],
  ['checkpoint', 'text'],
  ['process', 'settings', 'versions'],
];

/** Stored texts that cannot be read back, and code that is not what it was. */
export function checkTexts(db: Database): Finding[] {
  return [...JSON_COLUMNS.flatMap(([table, ...columns]) => checkJson(db, table, columns)), ...checkCode(db)];
}

function checkJson(db: Database, table: string, columns: readonly string[]): Finding[] {
  const examples: string[] = [];
  let count = 0;
  for (const column of columns) {
    const sql = `SELECT rowid, ${column} FROM ${table} WHERE ${column} IS NOT NULL AND NOT json_valid(${column})`;
    for (const [row, text] of db.eachTuple<[number, string]>(sql)) {
      if (isJson(text)) continue;
      count++;
      if (examples.length < EXAMPLES) examples.push(`row ${row}: ${String(text).slice(0, 40)}`);
    }
  }
  if (count === 0) return [];
  return [
    {
      code: 'TEXT_MALFORMED',
      level: 'fault',
      count,
      what: `${counted(count, 'text')} of the table "${table}" that nobody can read`,
      means: 'The file was damaged where SQLite does not notice: values, options or errors are lost.',
      cure: `tspipe retry runs such tasks again. ${REPAIR}`,
      examples,
    },
  ];
}

function isJson(text: unknown): boolean {
  // Formats to come begin with a mark.
  if (typeof text === 'string' && text.startsWith('#')) return true;
  try {
    JSON.parse(String(text));
    return true;
  } catch {
    return false;
  }
}

/** Captured code is kept under the hash of its text. */
function checkCode(db: Database): Finding[] {
  const wrong: string[] = [];
  for (const [id, key, versions, text] of db.eachTuple<[number, string, string, string]>(
    'SELECT id, hash, versions, text FROM program',
  )) {
    if (hash('sha256', `${versions}\n${text}`) !== key) wrong.push(`program ${id}`);
  }
  if (wrong.length === 0) return [];
  return [
    {
      code: 'CODE_WRONG',
      level: 'fault',
      count: wrong.length,
      what: 'Captured code that is not the code that was captured',
      means: 'The file was damaged, or changed by hand. Tasks would run something else than they say.',
      cure: `Do not run this queue. ${REPAIR} Run the script again: it captures the code anew.`,
      examples: wrong.slice(0, EXAMPLES),
    },
  ];
}
