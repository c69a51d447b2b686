import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runtimeVersions } from '../../src/provenance/index.ts';

describe('runtimeVersions', () => {
  it('tells the versions of this process and of this package', () => {
    const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
    expect(runtimeVersions()).toEqual({
      node: process.versions.node,
      v8: process.versions.v8,
      tspipe: manifest.version,
    });
  });
});
