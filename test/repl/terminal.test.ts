import { readFileSync } from 'node:fs';
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
    expect(out).toMatch(/attempts\n {2}1 {2}FAILED {2}/);
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
