import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../driver.ts';
import { isBlobName } from '../blob-name.ts';
import { faultOfBlob } from './blob-content.ts';
import { counted, EXAMPLES, type Finding } from './finding.ts';
import { TASK_ID } from './row-check.ts';

const TABLES = ['program', 'call', 'output', 'result', 'checkpoint'] as const;

const NAMES = TABLES.map((table) => `SELECT blob FROM ${table} WHERE blob IS NOT NULL`).join(' UNION ');

const FAULTS = {
  BLOB_MISSING: 'Files with binary parts or long output that rows name and that are not there',
  BLOB_UNREADABLE: 'Files with binary parts or long output that cannot be read',
  BLOB_WRONG: 'Files with binary parts or long output whose content is not what was written',
} as const;

/** The files of `NAME.d/blobs` against the rows, both in the order of names: every file is read once. */
export function checkBlobs(db: Database, directory: string): Finding[] {
  const folder = join(directory, 'blobs');
  const files = namesIn(folder);
  const wrong = { BLOB_MISSING: [] as string[], BLOB_UNREADABLE: [] as string[], BLOB_WRONG: [] as string[] };
  const orphans: string[] = [];
  let at = 0;
  for (const [blob] of db.eachTuple<[string]>(`${NAMES} ORDER BY 1`)) {
    for (; at < files.length && (files[at] ?? '') < blob; at++) orphans.push(files[at] ?? '');
    if (files[at] === blob) at++;
    const fault = isBlobName(blob) ? faultOfBlob(folder, blob) : 'missing';
    if (fault === 'missing') wrong.BLOB_MISSING.push(blob);
    if (fault === 'unreadable') wrong.BLOB_UNREADABLE.push(blob);
    if (fault === 'wrong') wrong.BLOB_WRONG.push(blob);
  }
  orphans.push(...files.slice(at));
  return [
    ...(Object.keys(FAULTS) as (keyof typeof FAULTS)[]).flatMap((code) => fault(db, code, wrong[code])),
    ...unused(folder, orphans),
  ];
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    // There is none until something is large enough.
    return [];
  }
}

function fault(db: Database, code: keyof typeof FAULTS, blobs: readonly string[]): Finding[] {
  if (blobs.length === 0) return [];
  return [
    {
      code,
      level: 'fault',
      count: blobs.length,
      what: FAULTS[code],
      means: 'The values or the output in them are lost: whoever reads them gets an error.',
      cure: 'Restore the files from a copy, or run the tasks again: tspipe retry --tid ID --state succeeded. A script that is run again brings its code and arguments.',
      examples: blobs.slice(0, EXAMPLES).map((blob) => `${blob} (${ownersOf(db, blob)})`),
    },
  ];
}

const OWNERS = `SELECT 'result of ' || ${TASK_ID} FROM result JOIN task ON task.id = result.task WHERE result.blob = ?
  UNION ALL SELECT 'arguments of ' || ${TASK_ID} FROM call JOIN task ON task.id = call.latest WHERE call.blob = ?
  UNION ALL SELECT 'output of ' || ${TASK_ID} FROM output JOIN attempt ON attempt.id = output.attempt
    JOIN task ON task.id = attempt.task WHERE output.blob = ?
  UNION ALL SELECT 'checkpoint of ' || ${TASK_ID} FROM checkpoint JOIN task ON task.id = checkpoint.task
    WHERE checkpoint.blob = ?
  UNION ALL SELECT 'code ' || id FROM program WHERE blob = ? LIMIT 3`;

function ownersOf(db: Database, blob: string): string {
  const owners = db.tuples<[string]>(OWNERS, blob, blob, blob, blob, blob).map(([name]) => name);
  return owners.length === 0 ? 'of a task that is not there' : owners.join(', ');
}

/** A task that is retried or removed leaves its files behind. */
function unused(folder: string, names: readonly string[]): Finding[] {
  if (names.length === 0) return [];
  const bytes = names.reduce((sum, name) => sum + sizeOf(join(folder, name)), 0);
  return [
    {
      code: 'BLOB_UNUSED',
      level: 'note',
      count: names.length,
      what: `${counted(names.length, 'file')} of ${(bytes / 1e6).toFixed(1)} MB that no row names`,
      means: 'Retried and removed tasks left them, or something is being written just now. They harm nobody.',
      cure: 'While nothing works on the queue they may be deleted.',
      examples: names.slice(0, EXAMPLES),
    },
  ];
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
