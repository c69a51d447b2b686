import { Database } from '../driver.ts';
import { initialise } from '../initialise.ts';
import { EXAMPLES, type Finding, REPAIR } from './finding.ts';

/** What SQLite itself finds wrong with the file: pages, rows against indexes, values against columns. */
export function checkIntegrity(db: Database): Finding[] {
  const messages = db
    .all<{ integrity_check: string }>('PRAGMA integrity_check(100)')
    .map(({ integrity_check }) => integrity_check.replaceAll(/^\*\*\* |\s+/g, ' ').trim())
    .filter((message) => message !== 'ok');
  if (messages.length === 0) return [];
  return [damaged(messages.length, messages.slice(0, EXAMPLES))];
}

/** A file of which parts cannot be read, or hold what was not written there. */
export function damaged(count: number, examples: readonly string[]): Finding {
  return {
    code: 'FILE_DAMAGED',
    level: 'fault',
    count,
    what: 'The file is damaged: SQLite finds parts that contradict each other or cannot be read',
    means: 'A disk, a file system or another program wrote over it. What is read from it may be wrong.',
    cure: `Stop what works on it, and look at the disk. Restore the file from a copy, or: ${REPAIR}`,
    examples,
  };
}

interface SchemaRow {
  readonly name: string;
  readonly sql: string;
}

/** Tables and indexes against those that this version makes. */
export function checkSchema(db: Database): Finding[] {
  const found = schemaOf(db);
  const wanted = freshSchema();
  const different = [...new Set([...wanted.keys(), ...found.keys()])].flatMap((name) => {
    if (!found.has(name)) return [`${name} is missing`];
    if (!wanted.has(name)) return [`${name} is not ours`];
    return found.get(name) === wanted.get(name) ? [] : [`${name} is different`];
  });
  if (different.length === 0) return [];
  return [
    {
      code: 'SCHEMA_DIFFERENT',
      level: 'fault',
      count: different.length,
      what: 'Tables or indexes are not those of this version of tspipe',
      means: 'The file was damaged, or changed by hand. tspipe may fail on it, or be slow.',
      cure: REPAIR,
      examples: different.slice(0, EXAMPLES),
    },
  ];
}

let fresh: ReadonlyMap<string, string> | undefined;

function freshSchema(): ReadonlyMap<string, string> {
  fresh ??= schemaOfNewQueue();
  return fresh;
}

function schemaOfNewQueue(): ReadonlyMap<string, string> {
  const db = new Database(':memory:');
  try {
    initialise(db, ':memory:');
    return schemaOf(db);
  } finally {
    db.close();
  }
}

function schemaOf(db: Database): ReadonlyMap<string, string> {
  // What ANALYZE by hand leaves helps SQLite and harms nobody.
  const rows = db.all<SchemaRow>(
    "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'",
  );
  return new Map(rows.map(({ name, sql }) => [name, sql.replaceAll(/\s+/g, ' ')]));
}
