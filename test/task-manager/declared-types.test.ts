import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../helpers/place.ts';

const require = createRequire(import.meta.url);

const TYPES = `
export class Point { x = 1; }
export class Deep extends Point { y = 2; }
export interface Shape { readonly area: number }
export type Metres = number & { readonly __brand: 'm' };
`;

// Every call goes by a type that the compiler does not see: what is checked is what it noted.
const SCRIPT = `
import { Queue, registerClass, settled, TaskManager } from 'tspipe';
import { Deep, type Metres, Point, type Shape } from './kinds.js';

const queue = new Queue('q', { baseDir: '.' });
const tm = new TaskManager({ queue });

class Steps {
  @tm.tsApp static simple(text: string, count: number, flag = true, big?: bigint) { return [text, count, flag, big]; }
  @tm.tsApp({ name: 'renamed' }) static objects(when: Date, list: readonly number[], point: Point, bytes: Uint8Array, map: Map<string, number>) { return [when, list, point, bytes, map]; }
  @tm.tsApp static loose(shape: Shape, either: string | number, anything: unknown, length: Metres, maybe: number | null) { return [shape, either, anything, length, maybe]; }
  @tm.tsApp static rest(this: typeof Steps, name: string, ...values: number[]) { return [name, values]; }
  @tm.tsApp static lists(...values: number[][]) { return values; }
  @tm.tsApp static call(f: () => number, { scale }: { scale: number }) { return f() * scale; }
  @tm.bashApp static say(word: string) { return ['echo', word]; }
  static plain(n: number) { return n; }
}

registerClass(Deep, { name: 'Deep', encode: ({ x, y }) => ({ x, y }), decode: () => new Deep() });
const apps = tm.apps(Steps) as unknown as Record<string, any>;
const future = apps.plain(1);
const said = (call: () => unknown): string => {
  try {
    call();
    return 'passes';
  } catch (error: any) {
    return error.code + ' ' + error.message;
  }
};
const { simple, objects, loose, rest, lists, call, say, plain } = apps;
const good = [Date.now() > 0 && new Date(0), [1], new Point(), new Uint8Array(1), new Map()];
const calls: Record<string, () => unknown> = {
  text: () => simple(1, 1),
  count: () => simple('a', '12'),
  flag: () => simple('a', 1, 'yes'),
  big: () => simple('a', 1, true, 1),
  missing: () => simple('a'),
  nothing: () => simple(null, undefined, null, null),
  futures: () => simple(future, future, future, future),
  outcomes: () => objects(new Date(0), settled([future])),
  objects: () => objects(...good),
  date: () => objects('2020-01-01'),
  list: () => objects(new Date(0), new Set([1])),
  bytes: () => objects(new Date(0), [], null, [1]),
  buffer: () => objects(new Date(0), [], null, Buffer.from('a')),
  map: () => objects(new Date(0), [], null, null, {}),
  subclass: () => objects(new Date(0), [], new Deep()),
  plainObject: () => objects(new Date(0), [], { x: 1 }),
  primitive: () => objects(new Date(0), [], 3),
  loose: () => [loose({ area: 1 }, 'a', 1, 1, null), loose({ area: 1 }, 2, 'b', 1, 'c')],
  rest: () => [rest('a'), rest('a', 1, future, 2)],
  restItem: () => rest('a', 1, 'b'),
  lists: () => [lists([1], [2]), lists(1)],
  functions: () => call(() => 1, { scale: 1 }),
  noFunction: () => call(1, { scale: 1 }),
  command: () => say.with({ key: 'x' })(1),
  undecorated: () => plain('a'),
};
console.log(JSON.stringify(Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, said(call)]))));
await queue.delete();
`;

function compileAndRun(version: 'typescript' | 'typescript6', head: string): Record<string, string> {
  const folder = makeFolder();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(resolve('.'), join(folder, 'node_modules/tspipe'));
  symlinkSync(resolve('node_modules/@types'), join(folder, 'node_modules/@types'));
  symlinkSync(dirname(require.resolve('reflect-metadata')), join(folder, 'node_modules/reflect-metadata'));
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    strict: true,
    skipLibCheck: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    types: ['node'],
  };
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'kinds.ts'), TYPES);
  writeFileSync(join(folder, 'script.ts'), head + SCRIPT);
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['script.ts'] }));
  run(folder, resolve('node_modules', version, 'bin/tsc'), '-p', '.');
  return JSON.parse(run(folder, 'script.js')) as Record<string, string>;
}

function run(cwd: string, ...words: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd, encoding: 'utf8' });
  expect(status, stdout + stderr).toBe(0);
  return stdout;
}

const PASSING = [
  'flag',
  'missing',
  'nothing',
  'futures',
  'outcomes',
  'buffer',
  'subclass',
  'plainObject',
  'loose',
  'rest',
  'lists',
  'functions',
  'undecorated',
];

const CURE = 'Convert the value, or change the declared type.';
const refusedAs = (way: string, type: string, value: string) =>
  `ARGUMENT_INVALID ${way}: declared as ${type}, given ${value}. ${CURE}`;

for (const version of ['typescript', 'typescript6'] as const) {
  describe(`what ${version} noted of the parameters of decorated methods`, () => {
    it('refuses an argument of plainly another kind at the call, and lets pass all else', () => {
      const said = compileAndRun(version, "import 'reflect-metadata';\n");
      expect(said).toEqual({
        text: refusedAs('simple → text', 'string', '1'),
        count: refusedAs('simple → count', 'number', '"12"'),
        big: refusedAs('simple → big', 'bigint', '1'),
        date: refusedAs('renamed → when', 'Date', '"2020-01-01"'),
        list: refusedAs('renamed → list', 'Array', 'Set(1) { 1 }'),
        bytes: refusedAs('renamed → bytes', 'Uint8Array', '[ 1 ]'),
        map: refusedAs('renamed → map', 'Map', '{}'),
        primitive: refusedAs('renamed → point', 'Point', '3'),
        restItem: refusedAs('rest → values', 'number', '"b"'),
        noFunction: refusedAs('call → f', 'function', '1'),
        command: refusedAs('say → word', 'string', '1'),
        // A class that is not registered cannot travel, whatever is declared.
        objects: expect.stringMatching(/^VALUE_NOT_ENCODABLE/),
        ...Object.fromEntries(PASSING.map((name) => [name, 'passes'])),
      });
    });
  });
}

describe('without reflect-metadata', () => {
  it('nothing is noted, and nothing refused', () => {
    const said = compileAndRun('typescript', '');
    expect(Object.values(said).filter((text) => text.startsWith('ARGUMENT_INVALID'))).toEqual([]);
  });
});
