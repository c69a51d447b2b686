import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder } from '../helpers/place.ts';

const ROOT = join(import.meta.dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/functions.md'), 'utf8');
const [ordinary = '', registered = ''] = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(
  ([, text = '']) => text,
);

/** Runs a script with this package and yaml beside it; its queues are in the same folder. */
function run(script: string): string {
  const folder = makeFolder();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(ROOT, join(folder, 'node_modules/tspipe'));
  symlinkSync(join(ROOT, 'node_modules/yaml'), join(folder, 'node_modules/yaml'));
  writeFileSync(join(folder, 'script.mts'), script);
  const env = { ...process.env, TSPIPE_QUEUE_DIR: folder };
  const words = ['--disable-warning=ExperimentalWarning', 'script.mts'];
  return execFileSync(process.execPath, words, { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' });
}

it('the script of the page runs, and lists what travels', () => {
  const said = run(`${ordinary}
    import { spawn } from 'tspipe';
    const future = fit('b.csv', 2);
    await spawn(tm.queue);
    console.log(await future.result());
    await tm.queue.delete();`);
  for (const name of ['fit', 'scaled', 'Grid', 'scaled → settings.scale', 'node:path'])
    expect(said).toContain(`name: '${name}'`);
  expect(said).toContain('b.csv: 2\n');
});

it('the class of the page travels to a task and back', () => {
  const said = run(`${registered}
    import { Queue, spawn, TaskManager } from 'tspipe';
    const tm = new TaskManager({ queue: new Queue('angles') });
    const double = tm.tsApp(function double(angle: Angle) { return new Angle(2 * angle.degrees); });
    const future = double(new Angle(21));
    await spawn(tm.queue);
    console.log(await future.result());
    await tm.queue.delete();`);
  expect(said).toBe('Angle { degrees: 42 }\n');
});

it('the refusal of the page is what is said', () => {
  const said = run(`
    import { Socket } from 'node:net';
    import { Queue, TaskManager } from 'tspipe';
    const tm = new TaskManager({ queue: new Queue('sockets') });
    const socket = new Socket();
    const helper = () => socket.readable;
    const fraction = tm.tsApp(function fraction() { return helper(); });
    try { fraction(); } catch (error) { console.log(error.code + ': ' + error.message); }
    await tm.queue.delete();`);
  expect(page).toContain(`\`\`\`text\n${said}\`\`\``);
});
