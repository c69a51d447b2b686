import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Queue } from '../../../src/index.ts';
import { checkQueue } from '../../../src/store/index.ts';
import type { Random } from '../../chaos/random.ts';
import { mutateText } from '../mutate-text.ts';
import { isRefusal, readOrRefuse } from '../refusals.ts';
import { smallQueue } from '../small-queue.ts';
import { demand, type Target } from '../target.ts';

/** A change of a sound file: bytes, a page from elsewhere, another length, or a value of a row. */
type Edit =
  | { readonly at: number; readonly bytes: string }
  | { readonly page: number; readonly from: number }
  | { readonly length: number }
  | {
      readonly table: string;
      readonly column: string;
      readonly row: number;
      readonly value: string | number | null;
    };

const PAGE = 2048;
const CANARY = 'what stands outside of the folder of the queue';
// A file of blobs by its form, at a place where no blob belongs.
const OUTSIDE = '../../outside';

const PROPERTIES = [
  'id',
  'name',
  'index',
  'state',
  'mid',
  'args',
  'kwargs',
  'requireIds',
  'attempts',
  'jobid',
  'errno',
  'out',
  'err',
  'versions',
  'result',
  't0',
  'dtime',
] as const;

/** Queue files with pages and rows changed: all that users ask of one is asked. */
export async function queueFile(folder: string): Promise<Target> {
  const sound = await smallQueue(folder);
  const columns = columnsOf(join(folder, 'small.sqlite'));
  const path = join(folder, 'case/q.sqlite');
  writeFileSync(join(folder, 'outside'), `[${CANARY.length}]\n${CANARY}`);
  mkdirSync(join(folder, 'case/q.d'), { recursive: true });
  const texts = ['[1,{"$":"Date","v":"2026-01-31T00:00:00.000Z"}]', '{"maxWorkers":2}', '{}', '[]'];
  const edit = (random: Random): Edit => {
    switch (random.below(8)) {
      case 0:
        return { page: random.below(sound.length / PAGE), from: random.below(sound.length / PAGE) };
      case 1:
        return { length: random.below(sound.length) };
      case 2:
      case 3:
        return { at: random.below(sound.length), bytes: bytesOf(random) };
      default: {
        const [table, column, isText] = random.pick(columns) ?? ['task', 'state', false];
        const value = random.below(isText ? 8 : 2) > 0 ? textOf(random, texts) : numberOf(random);
        return { table, column, row: random.below(4), value };
      }
    }
  };
  return {
    input: (random) => JSON.stringify(Array.from({ length: random.between(1, 3) }, () => edit(random))),
    async read(input) {
      for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
      apply(path, sound, JSON.parse(input) as Edit[]);
      if (input.length % 8 === 0) readOrRefuse(() => checkQueue(path));
      // All that is asked of a file costs more than to open it: every other property in turn.
      const shown = await readAll(path, (at) => (at + input.length) % 2 === 0);
      demand(
        shown === undefined || !shown.includes(CANARY),
        'a file outside of the folder of the queue was read',
      );
      return shown !== undefined;
    },
  };
}

type Column = readonly [table: string, column: string, isText: boolean];

function columnsOf(path: string): Column[] {
  const db = new DatabaseSync(path);
  const rows = db
    .prepare(
      `SELECT m.name "table", c.name "column", c.type FROM sqlite_schema m, pragma_table_info(m.name) c
       WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`,
    )
    .all();
  db.close();
  return rows.map(({ table, column, type }) => [String(table), String(column), type === 'TEXT']);
}

function bytesOf(random: Random): string {
  const length = random.below(4) === 0 ? random.below(PAGE) : random.between(1, 8);
  return Buffer.from(Array.from({ length }, () => random.below(256))).toString('hex');
}

function numberOf(random: Random): number | null {
  return random.pick([null, 0, 1, 2, 3, 5, 8, 9, 10, 255, -1, 0.5, 1e300, 2 ** 53, -(2 ** 63)]) ?? null;
}

function textOf(random: Random, texts: readonly string[]): string {
  return random.below(5) === 0 ? OUTSIDE : mutateText(random, random.pick(texts) ?? '', texts);
}

function apply(path: string, sound: Buffer, edits: readonly Edit[]): void {
  let bytes = Buffer.from(sound);
  for (const edit of edits) {
    if ('bytes' in edit) Buffer.from(edit.bytes, 'hex').copy(bytes, edit.at);
    if ('page' in edit) sound.copy(bytes, edit.page * PAGE, edit.from * PAGE, (edit.from + 1) * PAGE);
    if ('length' in edit) bytes = bytes.subarray(0, edit.length);
  }
  writeFileSync(path, bytes);
  const rows = edits.filter((edit) => 'table' in edit);
  if (rows.length > 0) changeRows(path, rows);
}

function changeRows(path: string, edits: readonly Extract<Edit, { table: string }>[]): void {
  const db = new DatabaseSync(path);
  try {
    db.exec('PRAGMA synchronous = OFF');
    for (const { table, column, row, value } of edits) {
      const rows = db.prepare(`SELECT count(*) n FROM "${table}"`).get();
      const name = Number(rows?.n) > 0 ? row % Number(rows?.n) : 0;
      const key = db.prepare(`SELECT * FROM "${table}" LIMIT 1 OFFSET ?`).get(name);
      const where = Object.keys(key ?? {})
        .map((one) => `"${one}" IS ?`)
        .join(' AND ');
      if (where === '') continue;
      db.prepare(`UPDATE OR IGNORE "${table}" SET "${column}" = ? WHERE ${where}`).run(
        value,
        ...Object.values(key ?? {}),
      );
    }
  } catch {
    // The edits before this one left nothing that SQLite changes rows in.
  } finally {
    db.close();
  }
}

/** All that a queue shows, as text; undefined where it is refused as a whole. */
async function readAll(path: string, isAsked: (property: number) => boolean): Promise<string | undefined> {
  const queue = readOrRefuse(() => new Queue(path, { create: false }))?.value;
  if (queue === undefined) return undefined;
  const shown: unknown[] = [];
  const take = async (read: () => unknown): Promise<void> => {
    try {
      shown.push(await read());
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  };
  try {
    await take(() => queue.summary());
    await take(() => queue.managers());
    await take(() => queue.workers());
    await take(() => queue.state());
    await take(async () => {
      for await (const task of queue.tasks({ limit: 20 })) {
        for (const property of PROPERTIES.filter((_, at) => isAsked(at))) await take(() => task[property]);
        await take(() => task.attempts.map(({ out, err }) => [out, err]));
      }
    });
  } finally {
    queue.close();
  }
  return shown.flat(9).map(String).join('\n');
}
