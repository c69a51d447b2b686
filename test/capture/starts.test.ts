import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const use = new URL('fixtures/use.ts', import.meta.url).href;
const load = `import(${JSON.stringify(use)})`;

/** Starts Node with options, and gives what a captured and rebuilt function returned, or the message of the error. */
function output(...args: readonly string[]): Promise<string> {
  return outputIn(process.cwd(), ...args);
}

async function outputIn(cwd: string, ...args: readonly string[]): Promise<string> {
  const env = { ...process.env, NODE_OPTIONS: '', FORCE_COLOR: '0' };
  const { stdout } = await run(process.execPath, args, { env, cwd });
  return stdout.trim();
}

const SCRIPT = `
const K = 3; let v = 1; v = 2; var old = 5;
function helper(x) { return x * K + v; }
class A { #x = 1; get() { return this.#x; } }
${load}.then((m) => m.use((x) => helper(x) + old + new A().get() + path.sep.length, 2));`;

describe('a function can be captured', () => {
  it('in node -e, where variables are global', async () => {
    expect(await output('-e', SCRIPT)).toBe('15');
  });

  it('in a module given to node -e', async () => {
    const script = `import { basename } from 'node:path'; const K = 3; const { use } = await ${load}; await use((x) => x * K + basename('a/b').length, 2);`;
    expect(await output('--input-type=module', '-e', script)).toBe('7');
  });

  it('in a module given to node -e that imports variables of an own module', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tspipe-eval-'));
    try {
      await writeFile(
        join(folder, 'own.mjs'),
        'export let counter = 0; export const inc = () => { counter++; };',
      );
      const script = `import { counter, inc } from './own.mjs'; const { use } = await ${load}; await use(() => { inc(); inc(); return counter; });`;
      expect(await outputIn(folder, '--input-type=module', '-e', script)).toBe('2');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('while a debugger may attach', async () => {
    expect(
      await output('--inspect=0', '-e', `const K = 3; ${load}.then((m) => m.use((x) => x * K, 2));`),
    ).toBe('6');
  });

  it('although it holds a debugger statement', async () => {
    expect(
      await output(
        '-e',
        `const K = 3; ${load}.then((m) => m.use((x) => { debugger; return x * K; }, 2)); debugger;`,
      ),
    ).toBe('6');
  });

  it('in a worker thread', async () => {
    const inner = `const K = 3; ${load}.then((m) => m.use((x) => x * K, 2));`;
    const script = `new (require('node:worker_threads').Worker)(${JSON.stringify(inner)}, { eval: true });`;
    expect(await output('-e', script)).toBe('6');
  });

  it('made by new Function', async () => {
    expect(
      await output(
        '-e',
        `globalThis.Q = 4; const f = new Function('x', 'return x + Q'); ${load}.then((m) => m.use(f, 2));`,
      ),
    ).toBe('6');
  });
});

it('a Node that does not let its inspector be used gives a clear error', async () => {
  const said = await output(
    '--permission',
    '--allow-fs-read=*',
    '-e',
    `const K = 3; ${load}.then((m) => m.use((x) => x * K, 2));`,
  );
  expect(said).toContain('CAPTURE_UNAVAILABLE');
  expect(said).toContain('inspector');
});
