import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { networkDisk } from '../helpers/network-disk.ts';
import { makeFolder } from '../helpers/place.ts';
import { runHosts } from './hosts.ts';

describe('agents of many hosts on a shared queue', { timeout: 120_000 }, () => {
  it('lose nothing and run nothing twice: sixteen of them', async () => {
    const folder = makeFolder();
    const { tasks, faults } = await runHosts({ folder, hosts: [folder], agents: 16, seconds: 5 });
    expect(faults).toEqual([]);
    expect(tasks).toBeGreaterThan(0);
  });

  it('lose nothing and run nothing twice over a network file system: four of them', async (test) => {
    const hosts = networkDisk(2) ?? test.skip('sshfs cannot be mounted here');
    if (hosts === undefined) return;
    const folder = join(makeFolder(), 'own');
    mkdirSync(folder);
    const { faults } = await runHosts({ folder, hosts, agents: 4, seconds: 5 });
    expect(faults).toEqual([]);
  });
});
