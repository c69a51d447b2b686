import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageVersion } from '../../src/provenance/index.ts';

let root: string;
let script: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tspipe-'));
  script = join(root, 'project', 'src', 'script.ts');
  mkdirSync(dirname(script), { recursive: true });
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function install(folder: string, manifest: object | string): void {
  mkdirSync(join(root, folder), { recursive: true });
  const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest);
  writeFileSync(join(root, folder, 'package.json'), text);
}

describe('packageVersion', () => {
  it('finds a package in the nearest node_modules upwards', () => {
    install('node_modules/tool', { name: 'tool', version: '1.0.0' });
    expect(packageVersion('tool', script)).toBe('1.0.0');
    install('project/node_modules/tool', { name: 'tool', version: '2.0.0' });
    expect(packageVersion('tool', script)).toBe('2.0.0');
  });

  it('finds packages with a scope, and by a path inside them', () => {
    install('node_modules/@lab/tool', { name: '@lab/tool', version: '3.1.0' });
    expect(packageVersion('@lab/tool', script)).toBe('3.1.0');
    expect(packageVersion('@lab/tool/deep/file.js', script)).toBe('3.1.0');
  });

  it('finds a package whose exports hide its package.json', () => {
    install('node_modules/closed', { name: 'closed', version: '4.0.0', exports: { '.': './index.js' } });
    expect(packageVersion('closed', script)).toBe('4.0.0');
  });

  it('finds the package that the file belongs to by its own name', () => {
    install('project', { name: 'analysis', version: '0.3.0' });
    expect(packageVersion('analysis', script)).toBe('0.3.0');
  });

  it('takes a URL as well as a path', () => {
    install('node_modules/tool', { name: 'tool', version: '1.0.0' });
    expect(packageVersion('tool', pathToFileURL(script))).toBe('1.0.0');
    expect(packageVersion('tool', pathToFileURL(script).href)).toBe('1.0.0');
  });

  it('goes on upwards past a package.json that is of no use', () => {
    install('node_modules/tool', { name: 'tool', version: '1.0.0' });
    install('project/node_modules/tool', '{ broken');
    expect(packageVersion('tool', script)).toBe('1.0.0');
  });

  it('is undefined for a package that is not installed', () => {
    expect(packageVersion('not-installed', script)).toBeUndefined();
  });
});
