import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFits, runTyped } from './run-repl.ts';

describe('tspipe repl on a terminal', () => {
  it('shows tasks as a table, one task as a page, a Future with its state, and keeps a history', async () => {
    const { folder } = await makeFits();
    const config = join(folder, 'config');
    const { code, out } = await runTyped(
      folder,
      [
        'tasks()',
        'tasks({ index: 3 })[0]',
        'tm.tsApp(function next(x) { return x })(1)',
        "retry('zz')",
        'task("zz")',
        '.exit',
      ],
      { env: { TSPIPE_CONFIG_DIR: config } },
    );
    expect(code).toBe(0);
    expect(out).toContain('SUCCEEDED  2\n');
    expect(out).toMatch(/STATE +TASK +ID +TIME +JOB\n/);
    expect(out).toMatch(/KILLED +fit\[2\] +[0-9a-f]{16} /);
    expect(out).toMatch(/fit\[3\] {2}[0-9a-f]{16} {2}FAILED\ncode\n {2}function fit\(seed/);
    expect(out).toContain('arguments\n  seed: 3\n');
    // The second where it was claimed ahead for the worker that fit[2] ended.
    expect(out).toMatch(/attempts\n {2}[12] {2}FAILED {2}/);
    expect(out).toContain('output\n  fitting 3\n');
    expect(out).toMatch(/error\n {2}RangeError: no fit of 3\n/);
    expect(out).toMatch(/Future next [0-9a-f]{16} PENDING\n/);
    expect(out).toContain('Uncaught TASK_NOT_FOUND: No task has id zz.');
    expect(readFileSync(join(config, 'repl-history'), 'utf8')).toContain('tasks()');
  });

  it('gives the prompt back at Ctrl-C, also after calls of apps', async () => {
    const { folder } = await makeFits();
    const { code, out } = await runTyped(folder, [
      'apps.fit(7)',
      "void child_process.spawn('kill', ['-INT', String(process.pid)]); for (;;) {}",
      'await new Promise(() => undefined)\r\x03',
      '"still" + " here"',
      '\x04',
    ]);
    expect(code).toBe(0);
    expect(out.match(/Uncaught Error: Script execution was interrupted by `SIGINT`/g)).toHaveLength(2);
    expect(out).toContain("'still here'\n>");
  });

  it('goes on with the history of the session before', async () => {
    const { folder } = await makeFits();
    const env = { TSPIPE_CONFIG_DIR: join(folder, 'config') };
    await runTyped(folder, ['6 * 7', '.exit'], { env });
    const UP = '\x1b[A';
    const { out } = await runTyped(folder, [`${UP}${UP}\r`, '\x04'], { env });
    expect(out).toContain('> 6 * 7\n42\n');
    expect(statSync(join(folder, 'config/repl-history')).mode & 0o777).toBe(0o600);
  });

  it('runs statements of several lines, and keeps tables within the terminal', async () => {
    const { folder } = await makeFits();
    const lines = ['for (const x of [1, 2]) {\r  console.log("x", x);\r}\r', 'tasks()', '.exit'];
    const { out } = await runTyped(folder, lines, { columns: 40 });
    expect(out).toContain('\nx 1\nx 2\n> tasks()\nSTATE ');
    const table = out.slice(out.indexOf('STATE '), out.lastIndexOf('\n> .exit')).split('\n');
    expect(table).toHaveLength(5);
    expect(Math.max(...table.map((line) => line.length))).toBeLessThanOrEqual(40);
    const unknown = await runTyped(folder, ['tasks()', '.exit'], { columns: 0 });
    expect(unknown.out).toMatch(/KILLED +fit\[2\] +[0-9a-f]{16} /);
  });

  it('works without a home, then without a history', async () => {
    const { folder } = await makeFits();
    const { code, out } = await runTyped(folder, ['1 + 1', '.exit'], {
      env: { HOME: '', TSPIPE_CONFIG_DIR: '' },
    });
    expect(code).toBe(0);
    expect(out).toContain('\n2\n');
    expect(out).not.toContain('history');
  });
});
