import { chmodSync, closeSync, existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeOwnFolder, makeQueueFolder, openOwnFile } from '../../src/util/index.ts';
import { makeFolder } from '../helpers/place.ts';

function setUmask(umask: number): void {
  const before = process.umask(umask);
  onTestFinished(() => void process.umask(before));
}

const mode = (path: string): string => (statSync(path).mode & 0o7777).toString(8);

describe('what we make', () => {
  for (const umask of [0, 0o022, 0o077, 0o277]) {
    it(`is 0600 in 0700 whatever the umask (${umask.toString(8)})`, () => {
      const folder = makeFolder();
      setUmask(umask);
      const inside = join(folder, 'a', 'b');
      expect(makeOwnFolder(inside)).toEqual([dirname(inside), inside]);
      closeSync(openOwnFile(join(inside, 'file'), 'a'));
      expect([dirname(inside), inside, join(inside, 'file')].map(mode)).toEqual(['700', '700', '600']);
    });
  }

  for (const [name, rights, folders, files] of [
    ['a group writes to', 0o2770, '2770', '660'],
    ['a group reads', 0o2750, '2750', '640'],
    ['everybody reads', 0o2755, '2755', '644'],
    ['everybody writes to', 0o2777, '2775', '664'],
  ] as const) {
    it(`has the rights of the shared folder it is in, one that ${name}`, () => {
      const folder = makeFolder();
      chmodSync(folder, rights);
      setUmask(0o077);
      makeOwnFolder(join(folder, 'a', 'b'));
      closeSync(openOwnFile(join(folder, 'a', 'b', 'file'), 'wx'));
      expect(['a', 'a/b', 'a/b/file'].map((path) => mode(join(folder, path)))).toEqual([
        folders,
        folders,
        files,
      ]);
    });
  }

  it('has nothing of the rights of a folder that is not shared', () => {
    const folder = makeFolder();
    chmodSync(folder, 0o777);
    makeOwnFolder(join(folder, 'a'));
    closeSync(openOwnFile(join(folder, 'file'), 'w'));
    expect([mode(join(folder, 'a')), mode(join(folder, 'file'))]).toEqual(['700', '600']);
  });

  it('leaves the rights of what is there', () => {
    const folder = makeFolder();
    mkdirSync(join(folder, 'a'), { mode: 0o755 });
    writeFileSync(join(folder, 'file'), 'text', { mode: 0o640 });
    expect(makeOwnFolder(join(folder, 'a'))).toEqual([]);
    closeSync(openOwnFile(join(folder, 'file'), 'a'));
    expect([mode(join(folder, 'a')), mode(join(folder, 'file'))]).toEqual(['755', '640']);
  });

  it('does not follow a symbolic link', () => {
    const folder = makeFolder();
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'file'));
    for (const flags of ['a', 'w', 'w+', 'wx'] as const)
      expect(() => openOwnFile(join(folder, 'file'), flags)).toThrow(/PATH_UNSAFE|is a symbolic link|EEXIST/);
    expect(existsSync(join(folder, 'elsewhere'))).toBe(false);
    mkdirSync(join(folder, 'elsewhere'));
    expect(() => makeQueueFolder(join(folder, 'file'))).toThrow(
      expect.objectContaining({ code: 'PATH_UNSAFE' }),
    );
  });
});
