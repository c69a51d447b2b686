import { spawn as start } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { spawn } from 'tspipe';
import { reapDeadAgents } from '../../src/queue/index.ts';
import { insertAgent, liveProcesses, Store, writeIdentity } from '../../src/store/index.ts';
import { type ProcessIdentity, processIdentity } from '../../src/util/index.ts';
import { makePlace, type Place } from '../helpers/place.ts';

/** The identity of a process that has ended. */
async function deadProcess(): Promise<ProcessIdentity> {
  const child = start('sleep', ['60']);
  const identity = processIdentity(child.pid);
  child.kill('SIGKILL');
  await once(child, 'exit');
  return identity;
}

function announce({ queue }: Place, announcer: ProcessIdentity, provider = '{"provider":"local"}'): Store {
  const store = new Store(queue.path);
  const settings = JSON.stringify({ announcer });
  store.writeNow((tx) => insertAgent(tx, { provider, starter: null, settings }));
  return store;
}

it('an agent whose announcer died before it started one is not waited for', async () => {
  const place = makePlace();
  const store = announce(place, await deadProcess());
  const one = place.taskManager().tsApp(function one() {
    return 1;
  })();
  expect(await spawn(place.queue, { mode: 'no_stream' })).toMatchObject({ succeeded: 1 });
  expect(await one.result()).toBe(1);
  await expect.poll(() => store.read((db) => liveProcesses(db, 'agent'))).toEqual([]);
  store.close();
});

it('an agent that was about to begin when its host was reset is not mistaken for what has its number now', async () => {
  const place = makePlace();
  const store = announce(place, { ...processIdentity(), boot: 'an earlier one' });
  store.writeNow((tx) => tx.db.run('UPDATE process SET job = ?', String(process.pid)));
  place.taskManager().tsApp(function one() {
    return 1;
  })();
  expect(await spawn(place.queue, { mode: 'no_stream' })).toMatchObject({ succeeded: 1 });
  await expect.poll(() => store.read((db) => liveProcesses(db, 'agent'))).toEqual([]);
  store.close();
});

it('an agent that is announced by a process alive, or of another host, is waited for', async () => {
  const place = makePlace();
  const store = announce(place, processIdentity());
  announce(place, { ...(await deadProcess()), host: 'elsewhere' }).close();
  expect(await reapDeadAgents(store)).toBe(0);
  expect(store.read((db) => liveProcesses(db, 'agent'))).toHaveLength(2);
  store.writeNow((tx) => tx.db.run("UPDATE process SET ended = 1 WHERE kind = 'agent'"));
  store.close();
});

it('an agent of another host is not taken for dead because no process here has its number', async () => {
  const place = makePlace();
  const gone = await deadProcess();
  const store = announce(place, { ...gone, host: 'elsewhere' });
  store.writeNow((tx) => {
    writeIdentity(tx, 1, { ...gone, host: 'elsewhere' });
    tx.db.run('UPDATE process SET job = ? WHERE id = 1', String(gone.pid));
  });
  const tm = place.taskManager();
  tm.tsApp(function one() {
    return 1;
  })();
  expect(await spawn(place.queue, { mode: 'no_stream', timeout: 1 })).toMatchObject({ stopped: 'timeout' });
  expect(store.read((db) => liveProcesses(db, 'agent'))).toHaveLength(1);
  store.writeNow((tx) => tx.db.run('UPDATE process SET ended = 1'));
  store.close();
});
