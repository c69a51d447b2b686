import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeFolder } from '../helpers/place.ts';
import { runScript } from '../helpers/script.ts';

// "made" is of a task manager that the task makes itself, "captured" of one that the script made.
const SCRIPT = `
import { Queue, spawn, TaskManager } from 'tspipe';
const queue = new Queue('./q');
const tm = new TaskManager({ queue, profile: 'laptop' });
const captured = tm.tsApp(function captured() { return process.env.WHERE; });
const outer = tm.tsApp(function outer() {
  const tm = new TaskManager({ queue: new Queue('./q'), profile: 'laptop' });
  const made = tm.tsApp(function made() { return process.env.WHERE; });
  return [tm.scheduler.maxWorkers, made(), captured()];
});
const future = outer();
await spawn(queue, { mode: 'no_stream', detach: process.argv.includes('detached') });
console.log(JSON.stringify([tm.scheduler.maxWorkers, process.env.TSPIPE_PROFILE, await future.result()]));
await queue.delete();
`;

const CONFIGURATION = `
profiles:
  laptop: { scheduler: { maxWorkers: 1 }, environ: { data: { WHERE: here } } }
  cluster: { scheduler: { maxWorkers: 3 }, environ: { data: { WHERE: there } } }
`;

beforeEach(() => vi.stubEnv('TSPIPE_PROFILE', undefined));
afterEach(() => vi.unstubAllEnvs());

async function run(...args: string[]) {
  const folder = makeFolder();
  writeFileSync(join(folder, 'tspipe.yaml'), CONFIGURATION);
  const script = runScript(folder, SCRIPT, { args });
  const { code } = await script.ended;
  return { code, out: script.out(), err: script.err() };
}

describe('--profile behind a script', () => {
  it.each(['--profile cluster', '--profile=cluster', 'detached --profile cluster'])(
    'chooses the profile of all its task managers, of those that its tasks make too: %s',
    async (words) => {
      const { code, out, err } = await run(...words.split(' '));
      expect({ code, out }, err).toEqual({
        code: 0,
        out: `${JSON.stringify([3, 'cluster', [3, 'there', 'there']])}\n`,
      });
    },
  );

  it('leaves the profile to the script where the word stands behind --', async () => {
    const { code, out, err } = await run('--', '--profile', 'cluster');
    expect({ code, out }, err).toEqual({
      code: 0,
      out: `${JSON.stringify([1, null, [1, 'here', 'here']])}\n`,
    });
  });

  it('ends the script where no file holds the profile', async () => {
    const { code, err } = await run('--profile', 'clustr');
    expect(code).toBe(1);
    expect(err).toContain('Did you mean "cluster"? The name comes from --profile. Known: cluster, laptop.');
  });
});
