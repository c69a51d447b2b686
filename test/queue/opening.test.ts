import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PipeError, Queue, type QueueOptions } from 'tspipe';
import { userName } from '../../src/config/index.ts';
import { queuePath } from '../../src/queue/index.ts';
import { makeFolder } from '../helpers/place.ts';
import { runScript } from '../helpers/script.ts';

/** Opens a queue and closes it again; gives its path, or the code of the error. */
function open(name: string, options?: QueueOptions): string {
  try {
    const queue = new Queue(name, options);
    queue.close();
    return queue.path;
  } catch (error) {
    if (error instanceof PipeError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

function setVariable(name: string, value: string | undefined): void {
  const before = process.env[name];
  const put = (text: string | undefined) => {
    if (text === undefined) delete process.env[name];
    else process.env[name] = text;
  };
  put(value);
  onTestFinished(() => put(before));
}

describe('the name of a queue', () => {
  it('is a path below baseDir, without the name of the user', () => {
    expect(queuePath('a/b', '/base')).toBe('/base/a/b.sqlite');
    expect(queuePath('a.sqlite', '/base')).toBe('/base/a.sqlite');
    expect(queuePath('a', '_tests')).toBe(resolve('_tests/a.sqlite'));
  });

  it('is below the name of the user where the base directory is configured', () => {
    setVariable('TSPIPE_QUEUE_DIR', '/queues');
    expect(queuePath('a/b')).toBe(`/queues/${userName()}/a/b.sqlite`);
  });

  it('that begins with @ is that of another user', () => {
    setVariable('TSPIPE_QUEUE_DIR', '/queues');
    expect(queuePath('@bob/q')).toBe('/queues/bob/q.sqlite');
    expect(queuePath('@bob/a/q')).toBe('/queues/bob/a/q.sqlite');
    expect(queuePath('@bob/q', '/base')).toBe('/base/bob/q.sqlite');
  });

  it('that begins with ./, ../ or / is a path of its own', () => {
    setVariable('TSPIPE_QUEUE_DIR', '/queues');
    expect(queuePath('./q')).toBe(resolve('q.sqlite'));
    expect(queuePath('../q', '/base')).toBe(resolve('../q.sqlite'));
    expect(queuePath('/x/q', '/base')).toBe('/x/q.sqlite');
  });

  it('is looked up in the directory of the configuration, else below the home', () => {
    const folder = makeFolder();
    setVariable('TSPIPE_QUEUE_DIR', undefined);
    setVariable('TSPIPE_CONFIG_DIR', folder);
    expect(queuePath('q')).toBe(
      join(process.env.HOME ?? homedir(), '.tspipe/queues', userName(), 'q.sqlite'),
    );
    writeFileSync(join(folder, 'config.yaml'), 'base_queue_dir: /configured\n');
    expect(queuePath('q')).toBe(`/configured/${userName()}/q.sqlite`);
  });

  for (const name of [
    '',
    '/',
    'a/',
    'a//b',
    'a/../b',
    '..',
    '.',
    '@',
    '@bob',
    '@/q',
    'a\nb',
    'a\0',
    'x'.repeat(241),
  ]) {
    it(`cannot be ${JSON.stringify(name).slice(0, 20)}`, () => {
      expect(open(name, { baseDir: makeFolder() })).toMatch(/^QUEUE_NAME_INVALID: .* cannot name a queue: /);
    });
  }

  it('may hold what patterns give a meaning to', async () => {
    const baseDir = makeFolder();
    const names = ['[a]*?', 'a b', 'é{1,2}'];
    for (const name of names) expect(open(name, { baseDir })).toBe(join(baseDir, `${name}.sqlite`));
    await new Queue('[a]*?', { baseDir }).delete();
    expect(
      readdirSync(baseDir)
        .filter((file) => file.endsWith('.sqlite'))
        .sort(),
    ).toEqual(names.slice(1).map((name) => `${name}.sqlite`));
  });
});

describe('opening a queue', () => {
  it('with create: true refuses one that is there', () => {
    const baseDir = makeFolder();
    expect(open('q', { baseDir, create: true })).toBe(join(baseDir, 'q.sqlite'));
    expect(open('q', { baseDir, create: true })).toMatch(/^QUEUE_EXISTS: .*q\.sqlite is there already/);
  });

  it('with create: false refuses one that is not there, suggests the nearest, and makes nothing', () => {
    const baseDir = makeFolder();
    open('survey', { baseDir });
    expect(open('survy', { baseDir, create: false })).toMatch(/^QUEUE_NOT_FOUND: .*Did you mean "survey"\?/);
    expect(open('x/y', { baseDir, create: false })).toMatch(/^QUEUE_NOT_FOUND: .*Known there: none/);
    expect(readdirSync(baseDir).sort()).toEqual(['survey.d', 'survey.sqlite']);
    expect(open('survey', { baseDir, create: false })).toBe(join(baseDir, 'survey.sqlite'));
  });

  it('refuses unknown options and suggests the nearest', () => {
    expect(open('q', { basedir: '/x' } as QueueOptions)).toMatch(
      /^OPTION_INVALID: .*Did you mean "baseDir"\?/,
    );
  });

  it('refuses a directory, and a folder that is a file', () => {
    const baseDir = makeFolder();
    mkdirSync(join(baseDir, 'q.sqlite'));
    writeFileSync(join(baseDir, 'file'), '');
    expect(open('q', { baseDir })).toMatch(/^QUEUE_NOT_A_FILE: /);
    expect(open('file/q', { baseDir })).toMatch(/^QUEUE_NOT_WRITABLE: /);
  });

  it('refuses a folder that cannot be written, and writes to no file that cannot be', async () => {
    const baseDir = makeFolder();
    open('there', { baseDir });
    chmodSync(join(baseDir, 'there.sqlite'), 0o444);
    // Root may write everywhere, so the script becomes nobody first.
    const { ended, out } = runScript(
      baseDir,
      `import { chmodSync } from 'node:fs';
       import { Queue } from 'tspipe';
       chmodSync('.', 0o555);
       if (process.getuid() === 0) process.setuid(65534);
       for (const name of ['new', 'there']) {
         try { await new Queue(name, { baseDir: '.' }).pause(); } catch ({ code }) { console.log(name, code); }
       }`,
    );
    expect(await ended).toEqual({ code: 0, signal: null });
    chmodSync(baseDir, 0o700);
    expect(out()).toBe('new QUEUE_NOT_WRITABLE\nthere QUEUE_READ_ONLY\n');
  });

  it('refuses a text, and leaves it as it is', () => {
    const baseDir = makeFolder();
    writeFileSync(join(baseDir, 'q.sqlite'), 'my notes, not a queue\n'.repeat(100));
    expect(open('q', { baseDir })).toMatch(/^QUEUE_NOT_A_QUEUE: /);
    expect(statSync(join(baseDir, 'q.sqlite')).size).toBe(2200);
  });

  it('refuses the SQLite file of another program', () => {
    const baseDir = makeFolder();
    const other = new DatabaseSync(join(baseDir, 'q.sqlite'));
    other.exec('CREATE TABLE theirs (x)');
    other.close();
    expect(open('q', { baseDir })).toMatch(/^QUEUE_NOT_A_QUEUE: .*another program/);
  });

  it('refuses the queue of a newer version', () => {
    const baseDir = makeFolder();
    const path = open('q', { baseDir });
    const newer = new DatabaseSync(path);
    newer.exec('PRAGMA user_version = 999');
    newer.close();
    expect(open('q', { baseDir })).toMatch(/^QUEUE_TOO_NEW: .*format 999/);
  });

  it('refuses a damaged queue', () => {
    const baseDir = makeFolder();
    const path = open('q', { baseDir });
    writeFileSync(path, 'damaged', { flag: 'r+' });
    expect(open('q', { baseDir })).toMatch(/^QUEUE_NOT_A_QUEUE: .*damaged/);
  });

  it('takes an empty file, as touch makes it', () => {
    const baseDir = makeFolder();
    writeFileSync(join(baseDir, 'q.sqlite'), '');
    expect(open('q', { baseDir })).toBe(join(baseDir, 'q.sqlite'));
  });

  it('takes a copy of the file alone', async () => {
    const baseDir = makeFolder();
    cpSync(open('q', { baseDir }), join(baseDir, 'copy.sqlite'));
    const copy = new Queue('copy', { baseDir });
    await copy.pause();
    expect(await copy.state()).toBe('PAUSED');
    copy.close();
  });

  for (const umask of [0o000, 0o022, 0o277]) {
    it(`makes files 0600 in folders 0700 whatever the umask (${umask.toString(8)})`, async () => {
      const baseDir = makeFolder();
      const before = process.umask(umask);
      const queue = new Queue('a/q', { baseDir });
      await queue.pause();
      process.umask(before);
      const mode = (path: string) => (statSync(join(baseDir, path)).mode & 0o777).toString(8);
      expect(['a', 'a/q.d'].map(mode)).toEqual(['700', '700']);
      expect(['a/q.sqlite', 'a/q.sqlite-wal', 'a/q.sqlite-shm'].map(mode)).toEqual(['600', '600', '600']);
      await queue.delete();
      expect(readdirSync(join(baseDir, 'a'))).toEqual([]);
    });
  }

  it('works for eight processes that make the same queue at once', () => {
    const baseDir = makeFolder();
    const code = `import { Queue } from 'tspipe'; await new Queue('q', { baseDir: '${baseDir}' }).pause();`;
    const one = `${process.execPath} --disable-warning=ExperimentalWarning --input-type=module -e "${code}"`;
    const script = `for i in 1 2 3 4 5 6 7 8; do ${one} & pids="$pids $!"; done; for p in $pids; do wait $p || exit 1; done`;
    execFileSync('bash', ['-c', script], { stdio: ['ignore', 'inherit', 'pipe'] });
    expect(existsSync(join(baseDir, 'q.sqlite'))).toBe(true);
  });
});

describe('two Queue objects of one file', () => {
  it('are closed one by one', async () => {
    const baseDir = makeFolder();
    const [one, two] = [new Queue('q', { baseDir }), new Queue(join(baseDir, 'q'))];
    one.close();
    await expect(one.counts()).rejects.toMatchObject({ code: 'QUEUE_CLOSED' });
    expect(await two.counts()).toBe(0);
    expect(`${one}`).toMatch(/closed/);
    two.close();
    await expect(two.state()).rejects.toMatchObject({ code: 'QUEUE_CLOSED' });
  });
});
