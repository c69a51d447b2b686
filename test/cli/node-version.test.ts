import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'acorn';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BIN } from './run-cli.ts';

/** Runs `bin/tspipe.js` in a process that says it is another Node. */
function runAs(version: string): { status: number | null; stdout: string; stderr: string } {
  const folder = mkdtempSync(join(tmpdir(), 'tspipe-node-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const disguise = join(folder, 'disguise.cjs');
  writeFileSync(disguise, `Object.defineProperty(process.versions, 'node', { value: '${version}' });`);
  return spawnSync(process.execPath, ['--require', disguise, BIN, '--version'], { encoding: 'utf8' });
}

describe('bin/tspipe.js', () => {
  it.each(['0.12.18', '18.20.8', '20.20.2', '22.17.1'])('refuses Node %s, and says what to do', (version) => {
    const { status, stdout, stderr } = runAs(version);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`NODE_TOO_OLD: tspipe needs Node 22.18 or newer; this is Node ${version} (`);
    expect(stderr).toContain('Install a current Node');
  });

  it.each(['22.18.0', '23.0.0', '26.1.0'])('takes Node %s', (version) => {
    expect(runAs(version).status).toBe(0);
  });

  it('uses no syntax that an old Node cannot read but import()', () => {
    const text = readFileSync(BIN, 'utf8').replaceAll('import(', 'load(');
    expect(() => parse(text, { ecmaVersion: 5, allowHashBang: true })).not.toThrow();
  });
});
