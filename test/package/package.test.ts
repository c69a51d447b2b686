import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const MODULES = join(ROOT, 'node_modules');
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'tspipe-package-'));
let files: string[] = [];

// Not a file here, since this project's own settings refuse it.
const COMMON_JS = `
import { Queue, spawn, TaskManager } from 'tspipe';

const queue = new Queue('consumer-cjs', { baseDir: '.' });
const tm = new TaskManager({ queue });
const double = (value: number) => 2 * value;
const twice = tm.tsApp(function twice(value: number) {
  return double(value);
});
const future = twice(twice(10));

spawn(queue).then(async () => {
  console.log(await future.result());
  await queue.delete();
});
`;

function run(command: string, ...words: string[]): string {
  return execFileSync(command, words, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function link(name: string): void {
  const path = join(folder, 'node_modules', name);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(join(MODULES, name), path);
}

// The package as npm makes it, unpacked where npm would install it.
beforeAll(() => {
  const packed = run('npm', 'pack', ROOT, '--ignore-scripts', '--json', '--pack-destination', folder);
  const described = JSON.parse(packed);
  const [{ filename, files: list }] = Array.isArray(described) ? described : Object.values(described);
  files = list.map(({ path }: { path: string }) => path);
  mkdirSync(join(folder, 'node_modules/tspipe'), { recursive: true });
  run('tar', '-xzf', filename, '-C', 'node_modules/tspipe', '--strip-components=1');
  for (const name of [...Object.keys(manifest.dependencies), '@types/node']) link(name);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  copyFileSync(join(import.meta.dirname, 'fixtures/consumer.ts'), join(folder, 'consumer.ts'));
  writeFileSync(join(folder, 'consumer.cts'), COMMON_JS);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the package', () => {
  it('is published with a statement of where it was built', () => {
    expect(manifest.publishConfig).toEqual({ access: 'public', provenance: true });
    expect(manifest.scripts).not.toHaveProperty('postinstall');
  });

  it('holds what is needed to run and to read, and nothing else', () => {
    const top = new Set(files.map((file) => file.replace(/^(bin|dist|docs)\/.*/, '$1')));
    expect([...top].sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'bin',
      'dist',
      'docs',
      'package.json',
    ]);
    expect(files.filter((file) => file.startsWith('dist/') && !/\.(js|d\.ts)$/.test(file))).toEqual([
      'dist/worker/launcher.pl',
    ]);
    const scripts = files.filter((file) => /^dist\/.*\.js$/.test(file));
    const waysIn = scripts.filter((file) => !file.startsWith('dist/chunks/'));
    expect(waysIn.filter((file) => !files.includes(file.replace(/\.js$/, '.d.ts')))).toEqual([]);
  });

  it('names what it exports as a reader knows it, though it is bundled', async () => {
    const exported = Object.entries(await import('tspipe')).filter(
      ([, value]) => typeof value === 'function',
    );
    expect(exported.length).toBeGreaterThan(10);
    expect(exported.filter(([name, value]) => (value as { name: string }).name !== name)).toEqual([]);
  });

  it('is entered by one door', () => {
    expect(Object.keys(manifest.exports)).toEqual(['.']);
    expect(files).toContain(manifest.exports['.'].types.slice(2));
    expect(files).toContain(manifest.exports['.'].default.slice(2));
    const enter =
      "import('tspipe/dist/cli/main.js').then(() => console.log('in'), (e) => console.log(e.code))";
    expect(run(process.execPath, '-e', enter)).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED\n');
  });

  it('has types that hold in a strict project, and runs there as TypeScript and compiled', () => {
    const options = {
      target: 'es2023',
      module: 'nodenext',
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      verbatimModuleSyntax: false,
      skipLibCheck: false,
      types: ['node'],
      outDir: 'out',
    };
    const config = { compilerOptions: options, files: ['consumer.ts', 'consumer.cts'] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    expect(run(process.execPath, join(MODULES, 'typescript/bin/tsc'), '-p', '.')).toBe('');

    const said = '6 9,3,18 hello world\n 1 2\ndone 0 function function\n';
    expect(run(process.execPath, 'consumer.ts')).toBe(said);
    expect(run(process.execPath, 'out/consumer.js')).toBe(said);
  });

  it('can be required by CommonJS', () => {
    expect(run(process.execPath, 'out/consumer.cjs')).toBe('40\n');
  });

  it('brings the command', () => {
    expect(run(process.execPath, 'node_modules/tspipe/bin/tspipe.js', '--version')).toBe(
      `${manifest.version}\n`,
    );
  });
});
