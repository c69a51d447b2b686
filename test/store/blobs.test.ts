import { existsSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Blobs } from '../../src/store/blobs.ts';
import { makeFolder } from '../helpers/place.ts';

describe('blobs', () => {
  it('come back as they were written', () => {
    const blobs = new Blobs(join(makeFolder(), 'blobs'));
    const parts = [new Uint8Array([1, 2]), new Uint8Array(), new Uint8Array([3])];
    expect(blobs.read(blobs.write(parts)).map((part) => [...part])).toEqual([[1, 2], [], [3]]);
  });

  it.each(['../secret', '/etc/passwd', 'a'.repeat(63), `${'a'.repeat(64)}/..`, 'A'.repeat(64), ''])(
    'are read by names that are hashes only, not by %j',
    (name) => {
      const folder = makeFolder();
      writeFileSync(join(folder, 'secret'), '[1]\nx');
      const blobs = new Blobs(join(folder, 'blobs'));
      expect(() => blobs.read(name)).toThrow(expect.objectContaining({ code: 'VALUE_MALFORMED' }));
    },
  );

  it.each(['', '[1', '[-1]\nx', '[1e9]\n', '[1,]\nx', '[2]\nx', `[${'1'.repeat(400)}]\n`, '{"a":1}\n'])(
    'whose file holds %j are refused',
    (text) => {
      const folder = join(makeFolder(), 'blobs');
      const name = 'b'.repeat(64);
      mkdirSync(folder);
      writeFileSync(join(folder, name), text);
      expect(() => new Blobs(folder).read(name)).toThrow(
        expect.objectContaining({ code: 'VALUE_MALFORMED' }),
      );
    },
  );

  it('that were cut are refused', () => {
    const folder = join(makeFolder(), 'blobs');
    const blobs = new Blobs(folder);
    const name = blobs.write([new Uint8Array(100)]) ?? '';
    truncateSync(join(folder, name), 50);
    expect(() => blobs.read(name)).toThrow(expect.objectContaining({ code: 'VALUE_MALFORMED' }));
  });

  it('are not written through a link in the place of their folder', () => {
    const folder = makeFolder();
    mkdirSync(join(folder, 'elsewhere'));
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'blobs'));
    const write = () => new Blobs(join(folder, 'blobs')).write([new Uint8Array(1)]);
    expect(write).toThrow(expect.objectContaining({ code: 'PATH_UNSAFE' }));
    expect(existsSync(join(folder, 'elsewhere', 'x'))).toBe(false);
  });
});
