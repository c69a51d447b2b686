import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Queue, spawn } from 'tspipe';
import { makePlace, type Place } from '../helpers/place.ts';
import { isRunning, processesOf, until } from '../helpers/processes.ts';
import { runScript, type Script } from '../helpers/script.ts';
import { mostAtOnce } from '../helpers/spans.ts';

const quiet = { mode: 'no_stream' } as const;

/** A script that adds tasks to the queue of the place and spawns it. */
function scriptOf({ folder, log }: Place, { tasks = 4, ms = 400, more = '' } = {}): Script {
  return runScript(
    folder,
    `import { appendFileSync } from 'node:fs';
     import { setTimeout as delay } from 'node:timers/promises';
     import { Queue, spawn, TaskManager } from 'tspipe';
     const queue = new Queue('q', { baseDir: ${JSON.stringify(folder)} });
     const tm = new TaskManager({ queue, scheduler: { maxWorkers: 1 } });
     const log = ${JSON.stringify(log)};
     const span = tm.tsApp(async function span(n, ms) {
       appendFileSync(log, \`begin \${n}\\n\`);
       await delay(ms);
       appendFileSync(log, \`end \${n}\\n\`);
     });
     for (let n = 0; n < ${tasks}; n++) span(n, ${ms});
     ${more}
     console.log(JSON.stringify(await spawn(queue)));`,
  );
}

const isBegun = (place: Place) => () => place.lines().includes('begin 0');

describe('a script in spawn', () => {
  it('ends after its running tasks at one Ctrl-C, by that signal, and leaves no process', async () => {
    const place = makePlace();
    const script = scriptOf(place);
    await until('a task runs', isBegun(place));
    script.child.kill('SIGINT');
    expect(await script.ended).toEqual({ code: null, signal: 'SIGINT' });
    await expect.poll(() => processesOf(place.queue)).toEqual([]);
    expect(place.lines()).toEqual(['begin 0', 'end 0']);
    expect(await place.queue.summary()).toMatchObject({ SUCCEEDED: 1, PENDING: 3, RUNNING: 0 });
  });

  it('ends its running tasks at a second Ctrl-C', async () => {
    const place = makePlace();
    const script = scriptOf(place, { ms: 60_000 });
    await until('a task runs', isBegun(place));
    script.child.kill('SIGINT');
    await until('it says so', () => script.err().includes('waiting for 1 running'));
    script.child.kill('SIGINT');
    expect((await script.ended).signal).toBe('SIGINT');
    await expect.poll(() => processesOf(place.queue)).toEqual([]);
    expect(place.lines()).toEqual(['begin 0']);
    expect(await place.queue.summary()).toMatchObject({ KILLED: 1, PENDING: 3, RUNNING: 0 });
    const [killed] = await place.queue.tasks({ state: 'KILLED' });
    expect(killed?.attempts[0]?.error).toMatchObject({ message: 'The run was interrupted.' });
  });

  it('may be killed: its agent finishes and commits, and a new spawn adopts what is there', async () => {
    const place = makePlace();
    const script = scriptOf(place, { tasks: 3 });
    await until('a task runs', isBegun(place));
    script.child.kill('SIGKILL');
    await script.ended;
    expect(processesOf(place.queue).length).toBeGreaterThan(0);
    expect(await spawn(place.queue, quiet)).toMatchObject({ stopped: 'done', counts: { SUCCEEDED: 3 } });
    await expect.poll(() => processesOf(place.queue)).toEqual([]);
    expect(place.lines()).toHaveLength(6);
    expect(mostAtOnce(place.lines())).toBe(1);
  });

  it('may be killed: its agent does all the work alone and ends', async () => {
    const place = makePlace();
    const script = scriptOf(place, { tasks: 3, ms: 100 });
    await until('a task runs', isBegun(place));
    script.child.kill('SIGKILL');
    await until('the agent has ended', () => processesOf(place.queue).length === 0);
    expect(await place.queue.summary()).toMatchObject({ SUCCEEDED: 3 });
  });

  it('puts back what a killed agent held, once its workers are gone, and goes on', async () => {
    const place = makePlace();
    const script = scriptOf(place, { tasks: 3, ms: 700 });
    await until('a task runs', isBegun(place));
    const [agent] = processesOf(place.queue, /agent\/main\./);
    process.kill(agent as number, 'SIGKILL');
    expect((await script.ended).code).toBe(0);
    expect(JSON.parse(script.out())).toMatchObject({ stopped: 'done', counts: { SUCCEEDED: 3 } });
    expect(place.lines().filter((line) => line === 'begin 0')).toHaveLength(2);
    expect(place.lines().filter((line) => line === 'end 0')).toHaveLength(1);
    const [first] = await place.queue.tasks({ index: 0 });
    expect(first?.attempts.map(({ account }) => account)).toEqual(['lost', 'counted']);
  });
});

describe('when script and agent are killed', () => {
  it('the workers are gone within 2 s, and the next spawn completes; only started tasks count as lost', async () => {
    const place = makePlace();
    const script = scriptOf(place, { tasks: 3, ms: 60_000 });
    await until('a task runs', isBegun(place));
    const workers = processesOf(place.queue, /worker\/main\./);
    expect(workers).toHaveLength(1);
    script.child.kill('SIGKILL');
    for (const agent of processesOf(place.queue, /agent\/main\./)) process.kill(agent, 'SIGKILL');
    await until('the workers are gone', () => !workers.some(isRunning), 2);
    await place.queue.kill({ index: 0, state: ['PENDING', 'RUNNING'] }, { wait: false });
    const { log } = place;
    const after = place.taskManager().tsApp(function after() {
      appendFileSync(log, 'after\n');
    });
    expect(await spawn(after(), quiet)).toMatchObject({ stopped: 'done', succeeded: 1 });
    expect(await place.queue.summary()).toMatchObject({ PENDING: 2, RUNNING: 0 });
    const [first, second] = await place.queue.tasks({ name: 'span' });
    expect(first?.attempts.length).toBeGreaterThan(0);
    expect(second?.attempts).toEqual([]);
  });
});

describe('a queue that is deleted', () => {
  it('takes its agents and workers with it, also a busy one', async () => {
    const place = makePlace();
    const script = scriptOf(place, { ms: 60_000 });
    await until('a task runs', isBegun(place));
    await new Queue('q', { baseDir: place.folder }).delete();
    await until(
      'its processes are gone',
      () => processesOf(place.queue, /(agent|worker)\/main\./).length === 0,
      2,
    );
    await script.ended;
  });
});

describe('a task that is killed by a user', () => {
  it('is gone with its processes when kill resolves, and the others go on', async () => {
    const place = makePlace();
    const { log } = place;
    const span = place.taskManager({ scheduler: { maxWorkers: 1 } }).tsApp(async function span(
      n: number,
      ms: number,
    ) {
      appendFileSync(log, `begin ${n} ${process.pid}\n`);
      await delay(ms);
    });
    const [slow, next] = [span(0, 60_000), span(1, 1)];
    const running = spawn(place.queue, quiet);
    await until('the task runs', () => place.lines().length > 0);
    expect(await place.queue.kill({ tid: slow.id })).toBe(1);
    expect(isRunning(Number(place.lines()[0]?.split(' ')[2]))).toBe(false);
    expect(await running).toMatchObject({ stopped: 'done', succeeded: 1, failed: 1 });
    await next.result();
    await expect(slow.result()).rejects.toThrow(/killed by a user/);
  });
});
