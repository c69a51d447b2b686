import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Queue } from 'tspipe';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ChangedCode, changedCode } from '../../src/insight/index.ts';
import { Queue as SourceQueue } from '../../src/queue/index.ts';
import { makeFolder } from '../helpers/place.ts';

const TSPIPE = JSON.stringify(join(import.meta.dirname, '../../dist/index.js'));

const SCRIPT = `import { Queue, TaskManager } from ${TSPIPE};
import { count, next, odd, sure, third, type Named } from './lib.ts';
const queue = new Queue('./q');
class Box { static size: number = 2; value: number = 1; get(): number { return this.value; } }
class Bigger extends Box { twice(): number { return 2 * super.get(); } }
const parts = { half(x: number): number { return x / 2; } };
function again(n: number): number { return n > 0 ? again(n - 1) : 0; }
const fit = new TaskManager({ queue }).tsApp(function fit(x: number, named?: Named): number {
  return third(x) + new Box().get() + new Bigger().twice() + parts.half(x) + count() + again(x) + sure(x) + next(x) + odd(x).length;
});
fit(1);
await queue.flush();
`;

const LIB = `export interface Named { readonly name: string }
export function third(x: number): number { return x / 3; }
let calls = 0;
export const count = (): number => ++calls;
export const sure = (x: number | undefined): number => x as number;
export const next = (x: number): number => x + 1; // and that
export const odd = (x: number) => [x, (() => x!)()]
`;

const NODE = ['--disable-warning=ExperimentalWarning'];
const TSX = [...NODE, '--import', import.meta.resolve('tsx')];

interface Change {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** A queue with one program of that script, what was found of it after `change`. */
function changedBy(
  change?: Change,
  runner: readonly string[] = NODE,
): {
  readonly folder: string;
  readonly found: readonly ChangedCode[];
} {
  const folder = makeFolder();
  writeFileSync(join(folder, 'script.ts'), SCRIPT);
  writeFileSync(join(folder, 'lib.ts'), LIB);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  execFileSync(process.execPath, [...runner, 'script.ts'], { cwd: folder });
  onTestFinished(() => new Queue(join(folder, 'q')).delete());
  const queue = new SourceQueue(join(folder, 'q'), { create: false });
  onTestFinished(() => queue.close());
  if (change !== undefined) {
    const path = join(folder, change.file);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain(change.from);
    if (change.to === '') rmSync(path);
    else writeFileSync(path, text.replace(change.from, change.to));
  }
  return { folder, found: changedCode(queue, new Map([[1, 'fit']])) };
}

describe('changedCode', () => {
  it('finds nothing where the files are as they were, types and all', () => {
    expect(changedBy().found).toEqual([]);
  });

  it('sees under tsx, which writes code anew, the app itself only', () => {
    expect(changedBy(undefined, TSX).found).toEqual([]);
    const helper = { file: 'lib.ts', from: 'x / 3', to: 'x / 4' };
    expect(changedBy(helper, TSX).found).toEqual([]);
    const app = { file: 'script.ts', from: 'parts.half(x) + ', to: '2 + ' };
    expect(changedBy(app, TSX).found).toMatchObject([{ changed: 'fit' }]);
  });

  it.each([
    ['the app itself', 'fit', 'script.ts', 'parts.half(x) + count()', 'parts.half(x)'],
    ['an arrow function that goes on', 'next', 'lib.ts', 'x + 1', 'x + 1 + x'],
    ['a function that became asynchronous', 'third', 'lib.ts', 'function third', 'async function third'],
    ['a helper in another file', 'third', 'lib.ts', 'x / 3', 'x / 4'],
    ['a class', 'Box', 'script.ts', 'return this.value', 'return -this.value'],
    ['a method of an object', 'half', 'script.ts', 'return x / 2', 'return x / 5'],
    ['a function that calls itself', 'again', 'script.ts', ': 0; }', ': 1; }'],
  ])('finds %s', (_what, changed, file, from, to) => {
    const { folder, found } = changedBy({ file, from, to });
    expect(found).toEqual([{ name: 'fit', changed, file: join(folder, file) }]);
  });

  it.each([
    ['what was added beside it', 'lib.ts', 'export interface', 'export const four = 4;\nexport interface'],
    ['a file that is gone', 'lib.ts', 'x / 3', ''],
  ])('says nothing of %s', (_what, file, from, to) => {
    expect(changedBy({ file, from, to }).found).toEqual([]);
  });
});
