import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { Store } from '../../src/store/index.ts';
import { inconsistencies } from '../helpers/consistent.ts';
import { makeFolder } from '../helpers/place.ts';
import { Disk, type Spared } from './disk.ts';
import { Random } from './random.ts';
import { type Operation, readTrace, STRACE } from './trace.ts';

const SCRIPT = fileURLToPath(new URL('./fixtures/power.ts', import.meta.url));

/** In words, why nothing can be traced here; undefined where it can. */
function whyNot(): string | undefined {
  const tried = spawnSync('strace', ['-o', '/dev/null', 'true']);
  if (tried.error !== undefined) return 'strace is not installed';
  return tried.status === 0 ? undefined : `strace may not trace here: ${String(tried.stderr).trim()}`;
}

// Images need not survive anything: the real disk has nothing to do with them.
const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

const SPARED: readonly Spared[] = ['nothing', 'everything', 'something', 'something'];

const reason = whyNot();
const title =
  'a power cut at any sync leaves a queue that opens, with every task and every result that was reported';

it.skipIf(reason !== undefined)(
  reason === undefined ? title : `${title} (skipped: ${reason})`,
  { timeout: 240_000 },
  () => {
    const [work, memory] = [makeFolder(), makeFolder(MEMORY)];
    const folder = join(work, 'queues');
    const trace = join(work, 'trace');
    execFileSync('mkdir', [folder]);
    const node = [process.execPath, '--disable-warning=ExperimentalWarning', SCRIPT, folder];
    execFileSync('strace', [...STRACE, '-o', trace, ...node], { stdio: 'ignore' });
    const operations = readTrace(trace, folder);
    const [disk, random] = [new Disk(folder), new Random(1)];
    const reported = { added: new Set<string>(), ended: new Set<string>() };
    let cuts = 0;
    for (const operation of operations) {
      for (const [name, ids] of Object.entries(reported))
        if (operation.kind === 'write' && operation.path.endsWith(`/${name}`))
          for (const id of operation.bytes.toString().trim().split('\n')) ids.add(id);
      if (isCut(operation)) {
        for (const spared of SPARED) {
          cuts++;
          const image = join(memory, 'image');
          disk.image(image, spared, random);
          expect(
            faultsOf(join(image, 'sub', 'q.sqlite'), reported),
            `cut ${cuts} before ${describe(operation)}, sparing ${spared}`,
          ).toEqual([]);
          rmSync(image, { recursive: true });
        }
      }
      disk.apply(operation);
    }
    expect(reported.added.size).toBe(48);
    expect(reported.ended.size).toBe(48);
    expect(cuts).toBeGreaterThan(100);
  },
);

function isCut({ kind, path }: Operation): boolean {
  return ['sync', 'unlink', 'rename'].includes(kind) || /\/(added|ended)$/.test(path);
}

function describe({ kind, path }: Operation): string {
  return `${kind} ${path.slice(path.lastIndexOf('/') + 1)}`;
}

/** What is wrong with a queue as it is found after a power cut, given the ids of tasks that were added, and ended, as somebody saw. */
function faultsOf(
  path: string,
  { added, ended }: { readonly added: ReadonlySet<string>; readonly ended: ReadonlySet<string> },
): string[] {
  if (!existsSync(path)) return added.size === 0 ? [] : ['the queue is gone'];
  const store = new Store(path);
  try {
    const damage = store
      .read((db) => db.all<{ integrity_check: string }>('PRAGMA integrity_check'))
      .map((row) => row.integrity_check)
      .filter((line) => line !== 'ok');
    const rows = store.read((db) => db.all<ResultRow>(RESULTS));
    const tasks = store.read((db) => db.all<{ id: string }>('SELECT lower(hex(identity)) id FROM task'));
    const lost = [...ended].filter((id) => !rows.some((row) => row.id === id));
    const forgotten = [...added].filter((id) => !tasks.some((task) => task.id === id));
    return [
      ...damage,
      ...store.read(inconsistencies),
      ...forgotten.map((id) => `the task ${id} is lost`),
      ...lost.map((id) => `the result of ${id} is lost`),
      ...rows.flatMap((row) => wrongContent(store, row)),
    ];
  } finally {
    store.close();
  }
}

interface ResultRow {
  readonly id: string;
  readonly text: string | null;
  readonly blob: string | null;
}

const RESULTS = `SELECT lower(hex(identity)) id, text, blob FROM task JOIN result ON result.task = task.id
  WHERE task.state = 5`;

// What the tasks return, see fixtures/power.ts; the bytes are in a file.
const TEXTS = /^"(\d+ )\1{24999}"$|^"number \d+\\n"$/;

/** A result is what the task returned, and a file what its name says. */
function wrongContent(store: Store, { id, text, blob }: ResultRow): string[] {
  if (blob === null && !TEXTS.test(text ?? '')) return [`the result of ${id} is not what was committed`];
  if (blob === null) return [];
  const file = join(store.directory, 'blobs', blob);
  if (!existsSync(file)) return [`the file of the result of ${id} is lost`];
  const name = createHash('sha256').update(readFileSync(file)).digest('hex');
  return name === blob ? [] : [`the file of the result of ${id} is damaged`];
}
