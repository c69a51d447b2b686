import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../..', import.meta.url));
const source = (path: string) => JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);

/** What scripts find: `capture` gives a capture, `all` what captured functions return, `print` ends with a value. */
const TOOLS = `
const tools = Promise.all([import(${source('capture/index.ts')}), import(${source('serialization/index.ts')})]);
globalThis.all = (captures) => Promise.all(captures.map(async (captured) => {
  const [{ loadProgram }, { decodeValue }] = await tools;
  try {
    const { text, blobs } = (await captured).program();
    return await (await loadProgram(text, { blobs, decode: decodeValue })).instantiate()();
  } catch (error) { return String(error.code) + ': ' + error.message; }
}));
globalThis.capture = async (fn) => {
  const [{ captureFunction }, { encodeValue }] = await tools;
  return captureFunction(fn, 't', { encode: encodeValue });
};
globalThis.print = (value) => console.log(JSON.stringify(value));
`;

export type Files = Readonly<Record<string, string>>;

/** Writes files into a folder of their own and runs `script.ts` there; gives what it printed last. */
export async function runScripts(runner: 'node' | 'tsx', files: Files): Promise<unknown> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'tspipe-script-')));
  try {
    for (const [path, text] of Object.entries({ ...files, 'tools.cjs': TOOLS })) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const tool = runner === 'tsx' ? [join(repository, 'node_modules/tsx/dist/cli.mjs')] : [];
    const args = [...tool, '--require', './tools.cjs', 'script.ts'];
    const env = { ...process.env, NODE_OPTIONS: '' };
    const { stdout } = await run(process.execPath, args, { cwd: folder, env });
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as unknown;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
