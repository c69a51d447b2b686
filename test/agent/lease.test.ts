import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Queue, spawn } from 'tspipe';
import { HostLock } from '../../src/store/host-lock.ts';
import { Store, writeLease } from '../../src/store/index.ts';
import { makePlace, type Place } from '../helpers/place.ts';
import { processesOf, until } from '../helpers/processes.ts';
import { runScript, type Script } from '../helpers/script.ts';

describe('an agent of a shared queue', () => {
  it('ends its workers when it cannot write for long, and the tasks run again when it can', async () => {
    const { place, script } = await runSlow({ leaseMs: 1600 });
    const lock = new HostLock(lockOf(place));
    await until('the lock is taken', () => lock.tryTake());
    await untilWorkersEnd(place, () => lock.renew());
    lock.close();
    await until('the task runs again', () => place.lines().length > 1);
    script.child.kill('SIGKILL');
  });

  it('is ended with its workers when its disk does not answer', async () => {
    const { place, script } = await runSlow({ leaseMs: 1600 });
    const lock = new HostLock(lockOf(place));
    await until('the lock is taken', () => lock.tryTake());
    lock.close();
    // Whoever opens it to read waits for a writer that never comes, as for a server that is gone.
    await until('the pipe stands there', () => makePipe(lockOf(place)));
    script.child.kill('SIGKILL');
    await untilWorkersEnd(place, () => undefined);
    expect(processesOf(place.queue, /agent\/main\./)).toEqual([]);
    execFileSync('rm', [lockOf(place)]);
  });

  it('is given up when it is on another host and not heard of for a lease: its task is UNKNOWN', async (test) => {
    if (!hasHosts()) test.skip('other hosts cannot be made here');
    const { place, script } = await runSlow({
      leaseMs: 800,
      limits: 'exec unshare -u sh -c \'hostname elsewhere; exec "$@"\' sh "$@"',
    });
    for (const pid of [script.child.pid ?? 0, ...processesOf(place.queue)]) process.kill(pid, 'SIGKILL');
    const queue = new Queue('q', { baseDir: place.folder });
    await until('no manager is left', async () => (await queue.managers()).length === 0);
    await until('the task is given up', async () => {
      await spawn(queue, { mode: 'no_stream', timeout: 1 });
      return (await queue.counts({ state: 'UNKNOWN' })) === 1;
    });
    queue.close();
  });
});

/** A script that runs one endless task on a shared queue, once that has begun. */
async function runSlow({
  leaseMs,
  limits = '',
}: {
  readonly leaseMs: number;
  readonly limits?: string;
}): Promise<{ readonly place: Place; readonly script: Script }> {
  const place = makePlace({ shared: true });
  const store = new Store(place.queue.path);
  store.writeNow((tx) => writeLease(tx, leaseMs));
  store.close();
  const script = runScript(
    place.folder,
    `import { appendFileSync } from 'node:fs';
     import { Queue, spawn, TaskManager } from 'tspipe';
     const queue = new Queue('q', { baseDir: ${JSON.stringify(place.folder)} });
     const tm = new TaskManager({ queue, scheduler: { maxWorkers: 1 } });
     const log = ${JSON.stringify(place.log)};
     const slow = tm.tsApp(function slow() {
       appendFileSync(log, 'begin\\n');
       for (;;);
     });
     slow();
     await spawn(queue);`,
    { limits },
  );
  await until('the task runs', () => place.lines().length > 0);
  return { place, script };
}

async function untilWorkersEnd(place: Place, act: () => void): Promise<void> {
  await until('the workers end', () => {
    act();
    return processesOf(place.queue, /worker\/main\./).length === 0;
  });
}

function makePipe(path: string): boolean {
  try {
    execFileSync('mkfifo', [path], { stdio: 'ignore' });
    return true;
  } catch {
    // Somebody has the lock just now.
    return false;
  }
}

function hasHosts(): boolean {
  try {
    execFileSync('unshare', ['-u', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function lockOf({ queue }: Place): string {
  return join(queue.path.replace('.sqlite', '.d'), 'lock');
}
