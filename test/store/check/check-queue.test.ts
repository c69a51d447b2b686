import {
  appendFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Queue } from 'tspipe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../../src/store/driver.ts';
import { checkQueue } from '../../../src/store/index.ts';
import { makeFolder } from '../../helpers/place.ts';
import { overwrite } from './damage.ts';
import { copyQueue, makeSoundQueue } from './sound-queue.ts';

let sound: string;
beforeAll(async () => {
  sound = await makeSoundQueue();
});
afterAll(() => rmSync(sound, { recursive: true, force: true }));

const copied = (): string => copyQueue(sound, join(makeFolder(), 'copy'));
const codes = (path: string): string[] => checkQueue(path).findings.map(({ code }) => code);

/** Each breaks a sound queue by hand in one way. */
const BREAKAGES: readonly (readonly [code: string, sql: string])[] = [
  ['TASK_DANGLING', 'DELETE FROM lane'],
  ['TASK_DANGLING', 'DELETE FROM call WHERE id = 3'],
  ['APP_DANGLING', 'DELETE FROM program'],
  ['APP_DANGLING', 'DELETE FROM app_name WHERE id = 1'],
  ['LANE_DANGLING', 'DELETE FROM task_manager'],
  ['REQUIREMENT_DANGLING', 'DELETE FROM task WHERE id = (SELECT max(id) FROM task) - 5'],
  ['REQUIRES_DANGLING', 'INSERT INTO requires VALUES (999, 0, 0, 1)'],
  ['ATTEMPT_DANGLING', 'UPDATE attempt SET task = 999 WHERE id = 1'],
  ['RESULT_DANGLING', "INSERT INTO result VALUES (999, '1', NULL)"],
  ['CHECKPOINT_DANGLING', "INSERT INTO checkpoint VALUES (999, '1', NULL)"],
  ['SCOPE_DANGLING', 'INSERT INTO scope VALUES (999)'],
  ['OUTPUT_DANGLING', "INSERT INTO output VALUES (999, 1, 'x', NULL)"],
  ['CALL_DANGLING', 'UPDATE call SET latest = 1 WHERE id = 2'],
  ['VERSION_DANGLING', 'UPDATE task SET previous = 1 WHERE id = 2'],
  ['STATE_UNKNOWN', 'UPDATE task SET state = 17 WHERE id = 2'],
  ['STATE_WRONG', 'UPDATE task SET state = 3 WHERE id = (SELECT max(id) FROM task)'],
  ['COUNTERS_WRONG', 'UPDATE task SET unfinished = 2 WHERE id = (SELECT max(id) FROM task)'],
  ['COUNTERS_WRONG', 'DELETE FROM requires WHERE task = (SELECT max(id) FROM task)'],
  ['HOLDER_WRONG', 'UPDATE task SET agent = 1 WHERE id = 1'],
  ['RESULT_WRONG', 'DELETE FROM result WHERE task = 1'],
  ['RESULT_WRONG', "INSERT INTO result SELECT max(id), '1', NULL FROM task"],
  ['ATTEMPT_WRONG', 'UPDATE attempt SET number = 5 WHERE id = 1'],
  ['ATTEMPT_WRONG', 'INSERT INTO attempt (task, number, state, account) VALUES (1, 1, 5, 0)'],
  ['NUMBER_WRONG', 'UPDATE app_name SET calls = 1'],
  ['TALLY_WRONG', 'UPDATE tally SET count = count + 1 WHERE state = 5'],
  ['TALLY_WRONG', 'DELETE FROM tally'],
  ['HOLDER_ENDED', 'UPDATE task SET state = 4, agent = 77 WHERE id = 1'],
  ['TEXT_MALFORMED', "UPDATE result SET text = '[1,' WHERE task = 4"],
  ['CODE_WRONG', "UPDATE program SET text = replace(text, 'too much', 'not enough')"],
  ['SCHEMA_DIFFERENT', 'DROP INDEX task_pending'],
  ['SCHEMA_DIFFERENT', 'DROP TABLE kill_request'],
  ['SCHEMA_DIFFERENT', 'CREATE TABLE mine (x)'],
];

describe('checkQueue', () => {
  it('finds no fault in a sound queue, and changes nothing', () => {
    const path = copied();
    const before = statSync(path).mtimeMs;
    const check = checkQueue(path);
    expect(check.findings.filter(({ level }) => level === 'fault')).toEqual([]);
    expect(check.tasks).toBe(71);
    expect(statSync(path).mtimeMs).toBe(before);
  });

  it('leaves what stands in a write-ahead log where it is, whole or damaged', () => {
    const path = copied();
    const db = new Database(path);
    db.exec(
      "PRAGMA wal_autocheckpoint = 0; INSERT INTO meta VALUES ('one', 1); INSERT INTO meta VALUES ('two', 2)",
    );
    const files = [path, `${path}-wal`].map((name) => [name, readFileSync(name)] as const);
    db.close();
    for (const [name, bytes] of files) writeFileSync(name, bytes);
    rmSync(`${path}-shm`, { force: true });
    overwrite(`${path}-wal`, { offset: 60, length: 8, seed: 1 });
    const [before, log] = [readFileSync(path), readFileSync(`${path}-wal`)];
    expect(codes(path)).not.toContain('FILE_DAMAGED');
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readFileSync(`${path}-wal`).equals(log)).toBe(true);
  });

  it.each(BREAKAGES)('finds %s after: %s', (code, sql) => {
    const path = copied();
    const db = new Database(path);
    db.exec(sql);
    db.close();
    const found = checkQueue(path).findings.find((one) => one.code === code);
    expect(found).toMatchObject({ level: 'fault', count: expect.any(Number) });
    expect(found?.examples.length).toBeGreaterThan(0);
  });

  it('finds files of blobs that are missing, cut short, changed, or of no use', () => {
    const path = copied();
    const folder = join(path, '../q.d/blobs');
    const [missing = '', short = '', changed = ''] = readdirSync(folder).sort();
    rmSync(join(folder, missing));
    truncateSync(join(folder, short), 100);
    appendFileSync(join(folder, changed), 'x');
    writeFileSync(join(folder, 'f'.repeat(64)), '');
    const { findings } = checkQueue(path);
    const found = Object.fromEntries(findings.map(({ code, examples }) => [code, examples.join()]));
    expect(found.BLOB_MISSING).toMatch(new RegExp(`^${missing} \\(result of [0-9a-f]{16}\\)$`));
    expect(found.BLOB_WRONG).toContain(short);
    expect(found.BLOB_WRONG).toContain(changed);
    expect(found.BLOB_UNUSED).toBe('f'.repeat(64));
  });

  it('tells of an agent that is gone', () => {
    const path = copied();
    const db = new Database(path);
    db.exec(`UPDATE process SET ended = NULL, boot = 'another' WHERE id = (SELECT max(id) FROM process)`);
    db.close();
    expect(codes(path)).toContain('PROCESS_GONE');
  });

  it('does not look at the rows of an older file, and leaves it as it is', () => {
    const path = copied();
    const db = new Database(path);
    db.exec('PRAGMA user_version = 3');
    db.close();
    expect(codes(path)).toEqual(['VERSION_OLD']);
    expect(codes(path)).toEqual(['VERSION_OLD']);
  });

  it('says what is wrong with a file that is damaged anywhere, and never fails', () => {
    const pages = statSync(join(sound, 'q.sqlite')).size / 2048;
    let found = 0;
    for (let page = 0; page < pages; page++) {
      const path = copied();
      overwrite(path, { offset: page * 2048, length: 2048, seed: page });
      if (codes(path).length > 0) found++;
    }
    // A page that is free holds nothing.
    expect(found).toBeGreaterThanOrEqual(pages - 2);
  });

  it('takes the lock of a queue that many hosts share, and gives it back', async () => {
    const folder = makeFolder();
    const queue = new Queue('q', { baseDir: folder, shared: true });
    await queue.flush();
    for (let time = 0; time < 2; time++) expect(checkQueue(queue.path).findings).toEqual([]);
    await queue.pause();
    queue.close();
  });

  it('refuses the file of another program', () => {
    const path = join(makeFolder(), 'other.sqlite');
    const db = new Database(path);
    db.exec('CREATE TABLE other (x)');
    db.close();
    expect(() => checkQueue(path)).toThrow(expect.objectContaining({ code: 'QUEUE_NOT_A_QUEUE' }));
  });
});
