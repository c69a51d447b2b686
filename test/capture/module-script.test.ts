import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const repository = new URL('../..', import.meta.url);
const source = (path: string) => JSON.stringify(new URL(path, repository).href);

/** Tells how often the debugger was turned on, and the program; at once, or when the script is not on the stack. */
const TELL = `
import { Session } from 'node:inspector';
import { captureFunction } from ${source('src/capture/index.ts')};
import { encodeValue } from ${source('src/serialization/index.ts')};
let debuggers = 0;
const post = Session.prototype.post;
Session.prototype.post = function (method, ...rest) {
  if (method === 'Debugger.enable') debuggers++;
  return post.call(this, method, ...rest);
};
export function tell(fn) {
  const isLater = process.argv[2] === 'later';
  const capture = () => {
    const { text, identity } = captureFunction(fn, 'task', { encode: encodeValue }).program();
    console.log(JSON.stringify({ debuggers, text, identity }));
  };
  if (isLater) setImmediate(capture); else capture();
}
`;

const SCRIPT = `#!/usr/bin/env node
import { basename } from 'node:path';
import { tell } from './tell.mjs';
const note = "//# sourceMappingURL=no.map";
interface Sizes { readonly width: number }
const sizes: Sizes = { width: 3 };
let factor = 2;
factor = 4;
const helper = (x: number): number => x * factor;
tell((x: number): number => helper(x) * sizes.width + basename('a/bc').length);
`;

interface Told {
  readonly debuggers: number;
  readonly text: string;
  readonly identity: string;
}

async function told(runner: readonly string[], folder: string, when: string): Promise<Told> {
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { stdout } = await run(process.execPath, [...runner, join(folder, 'script.ts'), when], { env });
  return JSON.parse(stdout) as Told;
}

describe('a module that calls', () => {
  const tsx = fileURLToPath(new URL('node_modules/tsx/dist/cli.mjs', repository));
  for (const [name, runner] of [
    ['node', []],
    ['tsx', [tsx]],
  ] as const) {
    it(`is read without the debugger, and alike, under ${name}`, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'tspipe-module-'));
      try {
        await writeFile(join(folder, 'package.json'), '{"type":"module"}');
        await writeFile(join(folder, 'tell.mjs'), TELL);
        await writeFile(join(folder, 'script.ts'), SCRIPT);
        const atOnce = await told(runner, folder, 'now');
        const later = await told(runner, folder, 'later');
        expect(atOnce.debuggers).toBe(0);
        expect(later.debuggers).toBe(1);
        expect(atOnce.text).toBe(later.text);
        expect(atOnce.identity).toBe(later.identity);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
  }
});
