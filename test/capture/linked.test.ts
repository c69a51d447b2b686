import { mkdtempSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tspipe-linked-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const source = (path: string) => new URL(`../../src/${path}`, import.meta.url).href;

const SCRIPT = `
import { f } from '@scope/linked';
import { sub } from '@scope/linked/sub/a';
import { g } from 'installed';
import { captureFunction } from '${source('capture/index.ts')}';
import { encodeValue } from '${source('serialization/index.ts')}';
const fns = [() => f(), () => sub(), () => g(), () => import('@scope/linked')];
console.log(JSON.stringify(fns.map((fn) => captureFunction(fn, 't', { encode: encodeValue }).program().identity)));
`;

describe('the identity of a function that imports a linked package', () => {
  it('changes with its modules; an installed one counts by its name', () => {
    const manifest = {
      name: '@scope/linked',
      version: '1.0.0',
      type: 'module',
      exports: { '.': { types: './index.d.ts', import: './index.js' }, './sub/*': './sub/*.js' },
    };
    write('packages/linked/package.json', JSON.stringify(manifest));
    write('packages/linked/index.js', "import { n } from './n.js';\nexport const f = () => n;");
    write('packages/linked/n.js', 'export const n = 1;');
    write('packages/linked/sub/a.js', 'export const sub = () => 1;');
    write(
      'node_modules/installed/package.json',
      '{"version":"1.0.0","type":"module","exports":"./index.js"}',
    );
    write('node_modules/installed/index.js', 'export const g = () => 1;');
    mkdirSync(join(folder, 'node_modules/@scope'));
    symlinkSync(join(folder, 'packages/linked'), join(folder, 'node_modules/@scope/linked'));
    write('package.json', '{"type":"module"}');
    write('script.ts', SCRIPT);
    const original = identities();
    const changedBy = (path: string, text: string): readonly boolean[] => {
      write(path, text);
      return identities().map((identity, index) => identity !== original[index]);
    };
    expect(identities()).toEqual(original);
    expect(changedBy('node_modules/installed/index.js', 'export const g = () => 2;')).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(changedBy('packages/linked/n.js', 'export const n = 2;')).toEqual([true, false, false, true]);
    expect(changedBy('packages/linked/sub/a.js', 'export const sub = () => 2;')).toEqual([
      true,
      true,
      false,
      true,
    ]);
  });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function identities(): readonly string[] {
  const out = execFileSync(process.execPath, ['script.ts'], { cwd: folder, encoding: 'utf8' });
  return JSON.parse(out) as readonly string[];
}

const LOADS = `
import { createRequire } from 'node:module';
import { captureFunction } from '${source('capture/index.ts')}';
import { encodeValue } from '${source('serialization/index.ts')}';
import { join } from 'node:path';
const outer = createRequire(import.meta.url);
const file = './lib/p.cjs';
const names = { p: 'p' };
const base = new URL(file, import.meta.url);
const computed = ['.', 'lib', 'p.cjs'].join('/');
const fns = [
  () => { const r = createRequire(import.meta.url); return r('./lib/p.cjs'); },
  () => outer('./lib/p.cjs'),
  () => createRequire(import.meta.url)('./lib/p.cjs'),
  () => import(\`./lib/p.cjs\`),
  () => import(new URL('lib/p.cjs', import.meta.url).href),
  () => import(base.href),
  () => import(file),
  () => outer(computed),
  () => outer(\`./lib/\${names.p}.cjs\`),
  () => { const name = 'p'; return import('./lib/' + name + '.cjs'); },
  () => outer(join(import.meta.dirname, 'lib/p.cjs')),
  () => import('#p'),
  (name: string) => import(\`./lib/\${name}.cjs\`),
  (name: string) => import('./lib/' + name),
  (name: string) => outer('./lib/' + name),
  (name: string) => import(import.meta.dirname + '/' + name),
  (name: string) => import(name),
];
const told = (fn: (...args: never) => unknown) => {
  try {
    return captureFunction(fn, 't', { encode: encodeValue }).program().identity;
  } catch (error) {
    return (error as Error).message;
  }
};
console.log(JSON.stringify(fns.map(told)));
`;

describe('the identity of a function that loads a module of its own when it runs', () => {
  it('changes with the module by whatever name of require; a path that is made up is refused', () => {
    write('lib/p.cjs', 'module.exports = 1;');
    write('package.json', '{"type":"module","imports":{"#p":"./lib/p.cjs"}}');
    write('script.ts', LOADS);
    const before = identities();
    write('lib/p.cjs', 'module.exports = 2;');
    const after = identities();
    const changed = after.map((identity, index) => identity !== before[index]);
    expect(changed).toEqual([...Array.from({ length: 12 }, () => true), ...FIVE.map(() => false)]);
    const refused = expect.stringMatching(
      /^t: it imports a relative path .* pass the value as an argument\.$/,
    );
    const identity = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(after.slice(12)).toEqual([refused, refused, refused, refused, identity]);
  });
});

const FIVE = [1, 2, 3, 4, 5];

const RUN = `
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { captureFunction, loadProgram } from '${source('capture/index.ts')}';
import { decodeValue, encodeValue } from '${source('serialization/index.ts')}';
const require = createRequire(import.meta.url);
const fns = [async () => (await import('./lib/m.ts')).n, () => require('./lib/j.json').n];
const edit = (n: number) => {
  writeFileSync('lib/deep.ts', 'export const deep = ' + n);
  writeFileSync('lib/j.json', JSON.stringify({ n }));
};
edit(1);
const programs = fns.map((fn) => captureFunction(fn, 't', { encode: encodeValue }).program());
const told = await Promise.all(process.argv.slice(2).flatMap((n) => programs.map(async ({ text, blobs }) => {
  edit(Number(n));
  try {
    return await (await loadProgram(text, { blobs, decode: decodeValue })).instantiate()();
  } catch (error) {
    return error.code + ' ' + error.message;
  }
})));
console.log(JSON.stringify(told));
`;

describe('a worker', () => {
  it('refuses a module that is not what it was at the call, and takes it when it is that again', () => {
    write('lib/m.ts', "import { deep } from './deep.ts'; export const n = deep;");
    write('package.json', '{"type":"module"}');
    write('run.ts', RUN);
    const run = (n: string) =>
      JSON.parse(execFileSync(process.execPath, ['run.ts', n], { cwd: folder, encoding: 'utf8' }));
    expect(run('2')).toEqual([
      `MODULE_CHANGED t loads ${join(folder, 'lib/deep.ts')} where it runs: it is not what it was at the call. Run the script again, or import it by a statement of the script.`,
      expect.stringContaining(join(folder, 'lib/j.json')),
    ]);
    expect(run('1')).toEqual([1, 1]);
  });

  it('refuses one that it loaded before it was changed', () => {
    write('again.ts', AGAIN);
    const told = execFileSync(process.execPath, ['again.ts'], { cwd: folder, encoding: 'utf8' });
    expect(told).toContain('MODULE_CHANGED t loads');
    expect(told).toContain('this worker loaded it before it was changed. End the agents and spawn anew');
  });
});

const AGAIN = `
import { writeFileSync } from 'node:fs';
import { captureFunction, loadProgram } from '${source('capture/index.ts')}';
import { decodeValue, encodeValue } from '${source('serialization/index.ts')}';
const run = async (n: number) => {
  writeFileSync('lib/again.ts', 'export const n = ' + n);
  const fn = async () => (await import('./lib/again.ts')).n;
  const { text, blobs } = captureFunction(fn, 't', { encode: encodeValue }).program();
  return (await loadProgram(text, { blobs, decode: decodeValue })).instantiate()();
};
await run(1);
await run(2).catch((error) => console.log(error.code, error.message));
`;
