import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { context, spawn } from 'tspipe';
import { makePlace, type Place } from '../helpers/place.ts';
import { isRunning, processesOf, until } from '../helpers/processes.ts';
import { runScript, type Script } from '../helpers/script.ts';

const quiet = { mode: 'no_stream' } as const;
// Longer than any time after which something is ended: TERM is followed by KILL after 10 s.
const STOP_MS = 13_000;

/** A script with tasks of its own, on a worker each, that append when they begin and end. */
function scriptOf({ folder, log }: Place, { seconds = 1, options = '{}' } = {}): Script {
  return runScript(
    folder,
    `import { appendFileSync } from 'node:fs';
     import { Queue, spawn, TaskManager } from 'tspipe';
     const queue = new Queue('q', { baseDir: ${JSON.stringify(folder)} });
     const tm = new TaskManager({ queue, scheduler: { maxWorkers: 1 } });
     const log = ${JSON.stringify(log)};
     const span = tm.tsApp(${options})(async function span(n, seconds) {
       appendFileSync(log, \`begin \${n} \${process.pid}\\n\`);
       await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
       appendFileSync(log, \`end \${n} \${process.pid}\\n\`);
     });
     for (let n = 0; n < 3; n++) span(n, ${seconds});
     const { stopped, counts } = await spawn(queue);
     console.log(JSON.stringify({ stopped, counts }));`,
  );
}

const isBegun = (place: Place) => () => place.lines().length > 0;

function processOf({ queue }: Place, program: 'agent' | 'worker'): number {
  return processesOf(queue, new RegExp(`${program}/main\\.`))[0] ?? 0;
}

describe('a stop of 13 s fools nobody:', () => {
  it('that of the script, of the agent, of a worker loses nothing, and nothing runs twice', async () => {
    const victims = [
      (_place: Place, script: Script) => script.child.pid ?? 0,
      (place: Place) => processOf(place, 'agent'),
      (place: Place) => processOf(place, 'worker'),
    ];
    await Promise.all(
      victims.map(async (pidOf) => {
        const place = makePlace();
        const script = scriptOf(place);
        await until('a task runs', isBegun(place));
        const pid = pidOf(place, script);
        process.kill(pid, 'SIGSTOP');
        await delay(STOP_MS);
        process.kill(pid, 'SIGCONT');
        expect((await script.ended).code).toBe(0);
        expect(JSON.parse(script.out())).toMatchObject({ stopped: 'done', counts: { SUCCEEDED: 3 } });
        expect(place.lines()).toHaveLength(6);
        for (const task of await place.queue.tasks()) expect(task.attempts).toHaveLength(1);
      }),
    );
  });

  it('a task that ended in time while its agent was stopped has not run too long', async () => {
    const place = makePlace();
    const script = scriptOf(place, { options: '{ timeoutSeconds: 3 }' });
    await until('a task runs', isBegun(place));
    const pid = processOf(place, 'agent');
    process.kill(pid, 'SIGSTOP');
    await delay(6000);
    process.kill(pid, 'SIGCONT');
    await script.ended;
    expect(JSON.parse(script.out())).toMatchObject({ counts: { SUCCEEDED: 3, KILLED: 0 } });
    expect(place.lines()).toHaveLength(6);
  });
});

describe('signals', () => {
  it('SIGHUP leaves an agent at work; SIGTERM makes it give back what it held, as lost', async () => {
    const place = makePlace();
    const script = scriptOf(place, { seconds: 0.5 });
    await until('a task runs', isBegun(place));
    process.kill(processOf(place, 'agent'), 'SIGHUP');
    await until('the second task runs', () => place.lines().length >= 3);
    process.kill(processOf(place, 'agent'), 'SIGTERM');
    expect((await script.ended).code).toBe(0);
    expect(JSON.parse(script.out())).toMatchObject({ stopped: 'done', counts: { SUCCEEDED: 3 } });
    const attempts = (await place.queue.tasks()).map((task) => task.attempts.map(({ account }) => account));
    expect(attempts).toContainEqual(['lost', 'counted']);
    expect(attempts.flat().filter((account) => account === 'lost')).toHaveLength(1);
  });

  for (const signal of ['SIGKILL', 'SIGTERM', 'SIGHUP'] as const) {
    it(`${signal} of a worker is the end of its task's attempt, and of its command`, async () => {
      const place = makePlace();
      const { log } = place;
      const tm = place.taskManager({ scheduler: { maxWorkers: 1 } });
      tm.bashApp(function long() {
        return ['sh', '-c', `echo $$ >> ${log}; sleep 60; true`];
      })();
      const next = tm.tsApp(function next() {
        return 1;
      })();
      const running = spawn(place.queue, quiet);
      await until('the command runs', isBegun(place));
      process.kill(processOf(place, 'worker'), signal);
      expect(await running).toMatchObject({ stopped: 'done', succeeded: 1, failed: 1 });
      expect(await next.result()).toBe(1);
      const [killed] = await place.queue.tasks({ state: 'KILLED' });
      expect(killed?.attempts.map((one) => one.signal)).toEqual([signal]);
      expect(isRunning(Number(place.lines()[0]))).toBe(false);
    });
  }
});

describe('a worker whose agent was killed', () => {
  it('is gone within 2 s, also while busy, with its children, also those of a session of their own', async () => {
    const place = makePlace();
    const { log } = place;
    const tm = place.taskManager({ scheduler: { maxWorkers: 1 } });
    const busy = tm.tsApp(async function busy(): Promise<void> {
      const { spawn: start } = await import('node:child_process');
      const plain = start('sleep', ['600'], { stdio: 'ignore' });
      const own = start('sleep', ['600'], { stdio: 'ignore', detached: true });
      for (const pid of [process.pid, plain.pid, own.pid]) appendFileSync(log, `${pid}\n`);
      for (;;);
    });
    busy();
    void spawn(place.queue, { ...quiet, detach: true });
    await until('it is busy', () => place.lines().length === 3);
    const pids = place.lines().map(Number);
    expect(pids.every(isRunning)).toBe(true);
    for (const pid of processesOf(place.queue, /(manager|agent)\/main\./)) process.kill(pid, 'SIGKILL');
    await until('all are gone', () => !pids.some(isRunning), 2);
  });
});

describe('a task that overlaps with many short ones', () => {
  it('is known to have started when its agent is killed', async () => {
    const place = makePlace();
    const { log } = place;
    const tm = place.taskManager({ scheduler: { maxWorkers: 1, concurrency: 2 } });
    const long = tm.tsApp(async function long() {
      if (context.attempt === 1) await delay(600_000);
    });
    const short = tm.tsApp(function short(n: number) {
      appendFileSync(log, `${n}\n`);
    });
    const future = long();
    for (let n = 0; n < 150; n++) short(n);
    const running = spawn(place.queue, quiet);
    await until('the short ones are done', async () => (await place.queue.summary()).SUCCEEDED === 150);
    process.kill(processOf(place, 'agent'), 'SIGKILL');
    await running;
    const accounts = (await future.task()).attempts.map(({ account }) => account);
    expect(accounts).toEqual(['lost', 'counted']);
  });
});

describe('an interrupted run', () => {
  it('ends also where its agent dies under the tasks that it waits for', async () => {
    const place = makePlace();
    const script = scriptOf(place, { seconds: 60 });
    await until('a task runs', isBegun(place));
    script.child.kill('SIGINT');
    await until('it says so', () => script.err().includes('waiting for 1 running'));
    process.kill(processOf(place, 'agent'), 'SIGKILL');
    expect((await script.ended).signal).toBe('SIGINT');
    expect(await place.queue.summary()).toMatchObject({ RUNNING: 0, PENDING: 3 });
    await expect.poll(() => processesOf(place.queue)).toEqual([]);
  });
});

describe('a second spawn', () => {
  const secondOf = ({ folder }: Place): Script =>
    runScript(
      folder,
      `import { Queue, spawn } from 'tspipe';
       const { stopped } = await spawn(new Queue('q', { baseDir: ${JSON.stringify(folder)} }));
       console.log(stopped);`,
      { name: 'second' },
    );

  it('says who the manager is that it waits with', async () => {
    const place = makePlace();
    const first = scriptOf(place, { seconds: 0.3 });
    await until('a task runs', isBegun(place));
    const second = secondOf(place);
    expect((await second.ended).code).toBe(0);
    expect((await first.ended).code).toBe(0);
    const [year] = new Date().toISOString().split('-');
    expect(second.err()).toMatch(
      new RegExp(`another manager \\(process ${first.child.pid} on \\S+.*, since ${year}-.*Z\\) is at work`),
    );
  });

  it('does not take the place of a manager that is stopped, and does where it is dead', async () => {
    const place = makePlace();
    const first = scriptOf(place, { seconds: 2 });
    await until('a task runs', isBegun(place));
    first.child.kill('SIGSTOP');
    const second = secondOf(place);
    await until('it waits', () => second.err().includes('another manager'));
    const managers = async (): Promise<unknown[]> => (await place.queue.managers()).map(({ pid }) => pid);
    expect(await managers()).toEqual([first.child.pid]);
    first.child.kill('SIGKILL');
    await until('it manages', async () => (await managers()).includes(second.child.pid));
    expect((await second.ended).code).toBe(0);
    expect(second.out()).toBe('done\n');
    expect(place.lines()).toHaveLength(6);
  });
});
