import { lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BIN } from '../cli/run-cli.ts';
import { makeFolder } from '../helpers/place.ts';
import { until } from '../helpers/processes.ts';
import { runScript } from '../helpers/script.ts';

/** What a queue of both kinds of tasks makes: blobs, output, logs, a detached manager, set-up commands, sockets. */
const SCRIPT = `
import { existsSync, readdirSync, watch } from 'node:fs';
import { Environment, Queue, spawn, TaskManager } from 'tspipe';
const queue = new Queue('deep/q', { baseDir: 'queues' });
const environ = new Environment({ command: 'export SET_UP=done' });
const tm = new TaskManager({ queue, environ, scheduler: { maxWorkers: 2 } });
const large = tm.tsApp(function large(n) { console.log('said'); return new Float64Array(n); });
const look = tm.tsApp(async function look(path) {
  const { lstatSync, readdirSync } = await import('node:fs');
  return readdirSync(path, { recursive: true }).map((name) => [name, (lstatSync(path + '/' + name).mode & 0o7777).toString(8)]);
});
const umask = tm.bashApp(function umask() { return 'umask; echo to-error >&2'; });
const results = [large(100_000), large(200_000)];
const first = umask();
await spawn(queue, { mode: 'no_stream' });
console.log('umask of tasks', (await first.result()).trim());
const seen = look(queue.path.replace(/sqlite$/, 'd'));
await spawn(queue, { mode: 'no_stream', detach: true });
for (const [name, mode] of await seen.result()) console.log('seen', mode, name);
`;

/** Modes of all that is below a folder, with what is not private marked by its path. */
function modesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => {
    const stat = lstatSync(join(folder, name));
    const mode = (stat.mode & 0o7777).toString(8);
    return stat.isDirectory()
      ? mode === '700'
        ? 'folder'
        : `${mode} ${name}`
      : mode === '600'
        ? 'file'
        : `${mode} ${name}`;
  });
}

describe('everything that a queue and its runs make', () => {
  for (const umask of ['0', '077']) {
    it(`is 0600 in 0700 under umask ${umask}, and tasks have the umask of the user`, async () => {
      const folder = makeFolder();
      for (const name of ['temporary', 'home']) mkdirSync(join(folder, name), { mode: 0o700 });
      const { ended, out, err } = runScript(folder, `${SCRIPT}`, {
        limits: `umask ${umask}; export TMPDIR=${folder}/temporary HOME=${folder}/home; unset TSPIPE_CONFIG_DIR TSPIPE_QUEUE_DIR;
          ${process.execPath} ${BIN} config set scheduler.maxWorkers 2 2>/dev/null;
          ${process.execPath} ${BIN} config set --project provider local 2>/dev/null`,
      });
      expect({ ...(await ended), err: err() }).toMatchObject({ code: 0 });
      expect(out()).toContain(`umask of tasks ${umask.padStart(4, '0')}`);
      // While it ran: workers' files, notes, doorbell.
      const seen = out()
        .split('\n')
        .filter((line) => line.startsWith('seen'));
      expect(seen.length).toBeGreaterThan(6);
      expect(
        seen.filter(
          (line) =>
            !/^seen (700 (blobs|logs|workers(\/\d+)?)$|600 .*(doorbell|blobs\/.*|logs\/.*|\d\.(note|out|err|process))$)/.test(
              line,
            ),
        ),
      ).toEqual([]);
      await until(
        'no process has the queue open',
        () => !readdirSync(join(folder, 'queues/deep')).includes('q.sqlite-wal'),
      );
      rmSync(join(folder, 'node_modules'), { recursive: true });
      rmSync(join(folder, 'script.mjs'));
      expect(modesBelow(folder).filter((one) => one !== 'file' && one !== 'folder')).toEqual([]);
      const made = readdirSync(folder, { recursive: true, encoding: 'utf8' });
      expect(made).toEqual(
        expect.arrayContaining([
          'tspipe.yaml',
          'home/.tspipe/config.yaml',
          'queues/deep/q.d/logs/manager.log',
          'queues/deep/q.d/logs/agents.log',
        ]),
      );
      expect(made.filter((name) => /blobs\/[0-9a-f]{64}$/.test(name))).toHaveLength(2);
    });
  }
});
