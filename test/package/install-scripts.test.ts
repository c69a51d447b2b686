import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkInstallScripts } from '../../scripts/check-install-scripts.ts';
import { makeFolder } from '../helpers/place.ts';

/** A project with one package. */
function project({ manifest = {}, lock = {}, list = '', allow = {}, gyp = false }): string {
  const root = makeFolder();
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('package.json', JSON.stringify({ name: 'root', scripts: { install: 'own' }, allowScripts: allow }));
  write('package-lock.json', JSON.stringify({ packages: { '': { hasInstallScript: true }, ...lock } }));
  write(
    'docs/dependencies.md',
    `# Dependencies\n\n## Install scripts\n\n| package |\n| --- |\n${list}\n\n## Others\n\n| \`c\` |\n`,
  );
  write('node_modules/@a/b/package.json', JSON.stringify({ name: '@a/b', ...manifest }));
  if (gyp) write('node_modules/@a/b/binding.gyp', '{}');
  return root;
}

const good = { list: '| `@a/b` |', allow: { '@a/b': true } };

describe('install scripts of dependencies', () => {
  it('are those of the list, here', () => {
    expect(checkInstallScripts(join(import.meta.dirname, '../..'))).toEqual([]);
  });

  it.each([
    ['preinstall', { manifest: { scripts: { preinstall: 'x' } } }],
    ['postinstall', { manifest: { scripts: { postinstall: 'x' } } }],
    ['a file for node-gyp', { gyp: true }],
    [
      'the lock file, for another system',
      { lock: { 'node_modules/x/node_modules/@a/b': { hasInstallScript: true } } },
    ],
  ])('are found by %s', (_how, given) => {
    expect(checkInstallScripts(project({ ...given, ...good }))).toEqual([]);
    expect(checkInstallScripts(project(given))).toEqual([
      '@a/b has an install script and is not in docs/dependencies.md.',
      '@a/b has an install script and is not in allowScripts of package.json.',
    ]);
  });

  it('leave no row behind', () => {
    expect(checkInstallScripts(project({ ...good, manifest: { scripts: { test: 'x' } } }))).toEqual([
      '@a/b is in docs/dependencies.md and has no install script.',
      '@a/b is in allowScripts of package.json and has no install script.',
    ]);
  });
});
