import { spawn as spawnChild } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Provider, type Queue, type SchedulerChoice, TaskManager } from 'tspipe';
import { describe, expect, it } from 'vitest';
import { makeQueue, temporaryFolder } from './fixtures.ts';
import { openQueue } from './open-queue.ts';
import { BIN, runCli } from './run-cli.ts';

const PROFILES = `
profiles:
  wide: { scheduler: { maxWorkers: 2 }, environ: { WHERE: profile } }
  overlapping: { scheduler: { maxWorkers: 1, concurrency: 2 } }
  here: { provider: local }
  broken: { scheduler: { maxWorker: 2 } }
`;

/** A provider that only the script that made it knows. */
const elsewhere: Provider = {
  name: 'elsewhere',
  sharesAgent: true,
  defaultMaxWorkers: 1,
  submit: async () => '1',
  status: async () => new Map(),
  stop: async () => {},
  whyImpossible: () => undefined,
  toJSON: () => ({ provider: 'elsewhere' }),
};

interface Site {
  readonly cwd: string;
  readonly queue: Queue;
}

/**
 * The queue "./pair" of two tasks, each of which waits for the other to begin: they succeed only when they run at the
 * same time.
 */
async function pair({ provider }: { provider?: Provider } = {}): Promise<Site> {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, 'tspipe.yaml'), PROFILES);
  const queue = openQueue(makeQueue(cwd, 'pair', []));
  const scheduler: SchedulerChoice = { maxWorkers: provider === undefined ? 1 : 2 };
  const tm = new TaskManager({ queue, scheduler, environ: { WHERE: 'script' }, provider });
  const meet = tm.tsApp(async function meet(own: string, other: string) {
    writeFileSync(own, '');
    for (let count = 0; !existsSync(other); count++) {
      if (count > 400) throw new Error('alone');
      await delay(50);
    }
    return process.env.WHERE;
  });
  meet(join(cwd, 'a'), join(cwd, 'b'));
  meet(join(cwd, 'b'), join(cwd, 'a'));
  await queue.flush();
  return { cwd, queue };
}

async function results({ queue }: Site): Promise<unknown[]> {
  return await Array.fromAsync(queue.results('meet'));
}

describe('tspipe spawn --profile', () => {
  it.each(['wide', 'overlapping'])(
    'runs by the scheduler of the profile %s, in the environment of the tasks',
    async (name) => {
      const site = await pair();
      const words = ['spawn', '-q', './pair', '--profile', name];
      const { code, err } = await runCli(words, { cwd: site.cwd });
      expect(code, err).toBe(0);
      expect(await results(site)).toEqual(['script', 'script']);
    },
  );

  it('has nothing to do with TSPIPE_PROFILE', async () => {
    const cwd = temporaryFolder();
    makeQueue(cwd, 'roots', [1]);
    const env = { TSPIPE_PROFILE: 'none' };
    const { code, err } = await runCli(['spawn', '-q', './roots'], { cwd, env });
    expect(code, err).toBe(0);
  });

  it('hands it to a detached manager', async () => {
    const site = await pair();
    const words = ['spawn', '-q', './pair', '--profile', 'wide', '--detach'];
    expect((await runCli(words, { cwd: site.cwd })).code).toBe(0);
    await expect.poll(() => results(site), { timeout: 20_000 }).toEqual(['script', 'script']);
  });
});

describe('tspipe spawn --provider', () => {
  it.each([
    ['--provider', 'local'],
    ['--profile', 'here'],
  ])('runs tasks whose own provider is not known here: %s %s', async (...words) => {
    const site = await pair({ provider: elsewhere });
    const spawn = (...more: string[]) => runCli(['spawn', '-q', './pair', ...more], { cwd: site.cwd });
    const unknown = await spawn();
    expect(unknown.code).toBe(2);
    expect(unknown.err).toContain('provider "elsewhere" is unknown');
    const { code, err } = await spawn(...words);
    expect(code, err).toBe(0);
    expect(await results(site)).toHaveLength(2);
  });
});

describe('tspipe resume, retry and work', () => {
  it.each(['resume', 'retry'])('%s: --spawn takes --profile', async (word) => {
    const site = await pair();
    if (word === 'retry') expect(await site.queue.kill({ state: 'PENDING' })).toBe(2);
    const { code, err } = await runCli([word, '-q', './pair', '--spawn', '--profile', 'wide'], {
      cwd: site.cwd,
    });
    expect(code, err).toBe(0);
    await expect.poll(() => results(site), { timeout: 20_000 }).toEqual(['script', 'script']);
  });

  it.each(['wide', 'overlapping'])('work: runs by the scheduler of the profile %s', async (name) => {
    const site = await pair();
    const { code, err } = await runCli(['work', '-q', './pair', '--profile', name], { cwd: site.cwd });
    expect(code, err).toBe(0);
    expect(await results(site)).toEqual(['script', 'script']);
  });

  it.each([
    [['resume', '--profile', 'wide'], '--profile is for the manager that --spawn starts'],
    [['retry', '--provider', 'local'], '--provider is for the manager that --spawn starts'],
  ])('%j without --spawn is refused before anything changes', async (words, message) => {
    const { cwd, queue } = await pair();
    await queue.pause();
    const { code, err } = await runCli([...words, '-q', './pair'], { cwd });
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(await queue.state()).toBe('PAUSED');
  });
});

describe('tspipe repl --profile', () => {
  it('gives tm all of the profile', async () => {
    const { cwd } = await pair();
    const child = spawnChild(process.execPath, [BIN, 'repl', '-q', './pair', '--profile=wide'], { cwd });
    child.stdin.end("[tm.scheduler.maxWorkers, tm.environ.get('WHERE')]\n");
    expect(await text(child.stdout)).toContain("[ 2, 'profile' ]");
  });
});

describe('a wrong name', () => {
  it.each([
    [['spawn', '--provider', 'locl'], 'provider "locl" is unknown. Did you mean "local"?'],
    [['spawn', '--detach', '--provider', 'locl'], 'Did you mean "local"?'],
    [['resume', '--spawn', '--provider', 'locl'], 'Did you mean "local"?'],
    [['spawn', '--profile', 'wid'], 'Profile "wid" is unknown. Did you mean "wide"?'],
    [['retry', '--spawn', '--profile', 'wid'], 'Did you mean "wide"? The name comes from --profile.'],
    [['work', '--profile', 'wid'], 'Did you mean "wide"?'],
    [['repl', '--profile', 'wid'], 'Did you mean "wide"?'],
  ])('%j is refused with the nearest', async (words, message) => {
    const { cwd, queue } = await pair();
    const { code, out, err } = await runCli([...words, '-q', './pair'], { cwd });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(await queue.managers()).toEqual([]);
  });

  it('and a mistake in a profile tells file, line and column', async () => {
    const { cwd } = await pair();
    const { code, err } = await runCli(['spawn', '-q', './pair', '--profile', 'broken'], { cwd });
    expect(code).toBe(1);
    expect(err).toContain('tspipe.yaml:6:26: scheduler option "maxWorker" is unknown');
  });
});
