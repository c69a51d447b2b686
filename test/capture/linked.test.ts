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
const outer = createRequire(import.meta.url);
const fns = [
  () => { const r = createRequire(import.meta.url); return r('./lib/p.cjs'); },
  () => outer('./lib/p.cjs'),
  () => createRequire(import.meta.url)('./lib/p.cjs'),
  () => import(\`./lib/p.cjs\`),
  (name: string) => import(\`./lib/\${name}.cjs\`),
  (name: string) => import('./lib/' + name),
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
    write('package.json', '{"type":"module"}');
    write('script.ts', LOADS);
    const before = identities();
    write('lib/p.cjs', 'module.exports = 2;');
    const after = identities();
    expect(after.map((identity, index) => identity !== before[index])).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
    const refused = expect.stringMatching(
      /^t: it imports a relative path .* pass the value as an argument\.$/,
    );
    expect(after.slice(4)).toEqual([refused, refused, expect.stringMatching(/^[0-9a-f]{64}$/)]);
  });
});
