import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

const SCRIPT = join(import.meta.dirname, '../../scripts/check-imports.ts');

const HOUSE = {
  'errors.ts': 'export class PipeError extends Error {}',
  'index.ts': "export * from './queue/index.ts';\nexport type { Store } from './store/index.ts';",
  'queue/index.ts': "export { Queue } from './queue.ts';",
  'queue/queue.ts':
    "import { Store } from '../store/index.ts';\nimport { PipeError } from '../errors.ts';\nexport class Queue { error = PipeError; store = Store; }",
  'store/index.ts': "export { Store } from './store.ts';",
  'store/store.ts': "import { DatabaseSync } from 'node:sqlite';\nexport class Store { db = DatabaseSync; }",
  'app/index.ts': 'export interface App { name: string }\nexport const app = 1;',
  'scheduler/index.ts': 'export const scheduler = 1;',
};

/** Checks the house with one file more or changed. */
function check(changes: Readonly<Record<string, string>>): { status: number | null; faults: string[] } {
  const root = mkdtempSync(join(tmpdir(), 'tspipe-imports-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [file, text] of Object.entries({ ...HOUSE, ...changes })) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  const { status, stderr } = spawnSync(process.execPath, [SCRIPT, root], { encoding: 'utf8' });
  return { status, faults: stderr.split('\n').filter((line) => line !== '') };
}

describe('the check of imports', () => {
  it('is content with a house in order', () => {
    expect(check({})).toEqual({ status: 0, faults: [] });
  });

  it.each([
    ['a value', "import { Queue } from '../queue/index.ts';\nexport const q = Queue;"],
    ['a type', "import type { Queue } from '../queue/index.ts';\nexport type Q = Queue;"],
    ['a type among values', "import { type Queue } from '../queue/index.ts';\nexport type Q = Queue;"],
    ['a type in place', "export type Q = import('../queue/index.ts').Queue;"],
    ['the type of a module', "export type Q = typeof import('../queue/index.ts');"],
    ['an export', "export * from '../queue/index.ts';"],
    ['an exported type', "export type { Queue } from '../queue/index.ts';"],
    ['a dynamic import', "export const load = () => import('../queue/index.ts');"],
    ['a dynamic import of a template', 'export const load = () => import(`../queue/index.ts`);'],
    ['an import for its effects', "import '../queue/index.ts';"],
  ])('refuses %s from a higher row', (_, text) => {
    expect(check({ 'store/wrong.ts': text })).toEqual({
      status: 1,
      faults: ['store/wrong.ts imports ../queue/index.ts: queue/ is not below store/.'],
    });
  });

  it('refuses a folder of the same row, also for a type', () => {
    const text = "import type { App } from '../app/index.ts';\nexport type A = App;";
    expect(check({ 'scheduler/wrong.ts': text })).toEqual({
      status: 1,
      faults: ['scheduler/wrong.ts imports ../app/index.ts: app/ is not below scheduler/.'],
    });
  });

  it('refuses to enter a folder past its index.ts, also for a type', () => {
    const text = "import type { Store } from '../store/store.ts';\nexport type S = Store;";
    expect(check({ 'queue/wrong.ts': text })).toEqual({
      status: 1,
      faults: ['queue/wrong.ts imports ../store/store.ts: store/ is entered by its index.ts.'],
    });
  });

  it('refuses a cycle of files, also of types', () => {
    const { status, faults } = check({
      'app/one.ts': "import type { Two } from './two.ts';\nexport type One = Two;",
      'app/two.ts': "import { three } from './three.ts';\nexport type Two = typeof three;",
      'app/three.ts': "import type { One } from './one.ts';\nexport const three: One | 1 = 1;",
    });
    expect({ status, faults }).toEqual({
      status: 1,
      faults: ['cycle: app/one.ts → app/two.ts → app/three.ts → app/one.ts.'],
    });
  });

  it.each([
    ['the wiring', "import '../index.ts';", 'imports ../index.ts: nothing imports the wiring.'],
    ['the driver', "import 'node:sqlite';", 'imports node:sqlite: only store/ may.'],
    ['a file that is not there', "import './nowhere.ts';", 'imports ./nowhere.ts: there is no such file.'],
  ])('refuses %s', (_, text, fault) => {
    expect(check({ 'queue/wrong.ts': text })).toEqual({ status: 1, faults: [`queue/wrong.ts ${fault}`] });
  });

  it('refuses files outside the rows', () => {
    const { status, faults } = check({ 'helpers/index.ts': 'export {};', 'stray.ts': 'export {};' });
    expect({ status, faults }).toEqual({
      status: 1,
      faults: ['helpers/index.ts stands in helpers/, which has no row.', 'stray.ts stands in no folder.'],
    });
  });

  it('fails where there is nothing to check', () => {
    const root = mkdtempSync(join(tmpdir(), 'tspipe-imports-'));
    onTestFinished(() => rmSync(root, { recursive: true }));
    expect(spawnSync(process.execPath, [SCRIPT, root]).status).toBe(1);
  });
});
