import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const SLOW = 60_000;
const identify = JSON.stringify(new URL('fixtures/identify.ts', import.meta.url).href);

const FUNCTIONS = `const K = 3;
let v = 1; v = 2;
var old = 5;
const params = { n: 4, unused: 1 };
function helper(x) { return x * K + v + params.n; }
class A { #x = 1; get() { return this.#x; } }
const task = (x) => helper(x) + old + new A().get() + path.sep.length;
const parse = async (x) => { const { readFile } = fs.promises; return [typeof readFile, x]; };`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tspipe-prompts-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The identities that a process of Node prints. */
function identities(args: readonly string[], input = ''): Promise<readonly string[]> {
  const env = { ...process.env, NODE_OPTIONS: '', NODE_REPL_HISTORY: '', FORCE_COLOR: '0' };
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, args, { cwd: folder, env }, (error, stdout, stderr) => {
      const found = stdout.match(/\b[0-9a-f]{64}\b/g);
      if (found === null) reject(new Error(`${stdout}\n${stderr}`, { cause: error }));
      else resolve(found);
    });
    child.stdin?.end(input);
  });
}

async function inFile(name: string, text: string): Promise<readonly string[]> {
  await writeFile(join(folder, name), text);
  return identities([name]);
}

describe('a function has one identity', () => {
  it('in a file, at the prompt of Node and for node -e', { timeout: SLOW }, async () => {
    const load = `import(${identify}).then((m) => m.identify(task, parse));`;
    const required = "const fs = require('node:fs'), path = require('node:path');";
    const imported = "import fs from 'node:fs';\nimport path from 'node:path';";
    const [file, ...others] = await Promise.all([
      inFile('module.mjs', `${imported}\n${FUNCTIONS}\n${load}`),
      inFile('typed.ts', `${imported}\n${FUNCTIONS.replace('(x) {', '(x: number): number {')}\n${load}`),
      inFile('strict.cjs', `'use strict';\n${required}\n${FUNCTIONS}\n${load}`),
      inFile('sloppy.cjs', `${required}\n${FUNCTIONS}\n${load}`),
      identities(['-e', `${FUNCTIONS}\n${load}`]),
      identities(['--input-type=module', '-e', `${imported}\n${FUNCTIONS}\n${load}`]),
      identities(['-i'], `${FUNCTIONS}\n(await import(${identify})).identify(task, parse);\n`),
    ]);
    expect(file).toHaveLength(2);
    expect(others).toEqual(others.map(() => file));
  });

  it('but another one where strict code does something else', { timeout: SLOW }, async () => {
    const functions = `const frozen = Object.freeze({ n: 1 });
const alike = (x) => x.n;
const writes = (x) => { x.n = 2; return x.n; };
const removes = (x) => { delete x.n; return x.n; };
function sees() { return arguments.length; }
const calls = (x) => (function () { return typeof this; })();
import(${identify}).then((m) => m.identify(alike, writes, removes, sees, calls));`;
    const [strict, sloppy] = await Promise.all([
      inFile('strict-modes.cjs', `'use strict';\n${functions}`),
      inFile('sloppy-modes.cjs', functions),
    ]);
    const isSame = strict.map((identity, index) => identity === sloppy[index]);
    expect(isSame).toEqual([true, false, false, false, false]);
  });
});
