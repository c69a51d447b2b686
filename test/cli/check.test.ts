import { existsSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { makeQueue, temporaryFolder } from './fixtures.ts';
import { documentedSchemas, faults } from './json-schema.ts';
import { runCli } from './run-cli.ts';

function change(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
}

describe('tspipe check', () => {
  it('says that a queue is whole, with exit code 0', async () => {
    const cwd = temporaryFolder();
    const path = makeQueue(cwd, 'roots', [1, 4]);
    expect(await runCli(['check', '-q', './roots'], { cwd })).toEqual({
      code: 0,
      out: `${path}: 2 tasks, no fault\n`,
      err: '',
    });
  });

  it('says what is wrong, what it means and what to do, with exit code 1', async () => {
    const cwd = temporaryFolder();
    change(makeQueue(cwd, 'roots', [1, 4]), 'UPDATE tally SET count = 5');
    const { code, out } = await runCli(['check', '-q', './roots'], { cwd });
    expect(code).toBe(1);
    expect(out).toContain('2 tasks, 1 fault\n  FAULT TALLY_WRONG: Counts of tasks by state');
    expect(out).toContain('To do: ');
  });

  it('gives faults as JSON as well', async () => {
    const cwd = temporaryFolder();
    change(makeQueue(cwd, 'roots', [1, 4]), 'UPDATE task SET state = 17');
    const { code, out } = await runCli(['check', '-q', './roots', '--json'], { cwd });
    expect(code).toBe(1);
    expect(faults(JSON.parse(out), documentedSchemas().get('check') ?? {})).toEqual([]);
    expect(JSON.parse(out)[0].findings[0]).toMatchObject({ code: 'STATE_UNKNOWN', count: 2 });
  });

  it('does not pass on to the terminal what stands in a damaged file', async () => {
    const cwd = temporaryFolder();
    change(
      makeQueue(cwd, 'roots', [1]),
      `UPDATE app_name SET name = '\u001b]0;owned\u0007\u009b2J', calls = 0`,
    );
    const { out } = await runCli(['check', '-q', './roots'], { cwd });
    expect(out).toContain('NUMBER_WRONG');
    expect([...out].every((one) => one === '\n' || !/\p{Cc}/u.test(one))).toBe(true);
  });

  it('says so where a file cannot be read at all, and makes nothing', async () => {
    const cwd = temporaryFolder();
    const path = makeQueue(cwd, 'roots', [1]);
    truncateSync(path, 1000);
    const before = readFileSync(path);
    const { code, out } = await runCli(['check', '-q', './roots'], { cwd });
    expect(code).toBe(1);
    expect(out).toContain('FILE_DAMAGED');
    expect(readFileSync(path)).toEqual(before);
    expect((await runCli(['check', '-q', './nothing'], { cwd })).err).toContain('QUEUE_NOT_FOUND');
    expect(existsSync(`${cwd}/nothing.sqlite`)).toBe(false);
  });

  it('repairs into a new queue, says what is lost, and gives it as JSON', async () => {
    const cwd = temporaryFolder();
    const path = makeQueue(cwd, 'roots', [1, 4, 9]);
    change(path, "UPDATE call SET args = '[1,' WHERE id = 2; UPDATE tally SET count = 9");
    const first = await runCli(['check', '-q', './roots', '--repair'], { cwd });
    expect(first.code).toBe(1);
    expect(first.out).toContain(`${cwd}/roots.repaired.sqlite is made of what is whole`);
    expect(first.out).toContain('  Lost: rows of "call" on 1 damaged page');
    expect((await runCli(['check', '-q', './roots.repaired'], { cwd })).code).toBe(0);
    expect((await runCli(['check', '-q', './roots', '--repair'], { cwd })).err).toContain('QUEUE_EXISTS');
    change(path, "UPDATE call SET args = '[1]' WHERE id = 2");
    for (const end of ['sqlite', 'd']) rmSync(`${cwd}/roots.repaired.${end}`, { recursive: true });
    const { out } = await runCli(['check', '-q', './roots', '--repair', '--json'], { cwd });
    expect(faults(JSON.parse(out), documentedSchemas().get('check') ?? {})).toEqual([]);
    expect(JSON.parse(out)[1]).toMatchObject({ tasks: 3, findings: [] });
  });
});
