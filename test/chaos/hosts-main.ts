// npm run hosts -- --minutes 5 --agents 16 [--mounts 4]: agents as of several hosts on one shared queue; with mounts, over
// a network file system (sshfs) with caches of its own for each of so many hosts.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mountDisk } from '../helpers/mount-disk.ts';
import { runHosts } from './hosts.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    agents: { type: 'string', default: '16' },
    mounts: { type: 'string', default: '0' },
  },
});

const parent = join(import.meta.dirname, '../../_tests');
mkdirSync(parent, { recursive: true });
const folder = mkdtempSync(join(parent, 'hosts-'));
const mounts = Number(values.mounts);
const disk = mounts > 0 ? mountDisk(folder, mounts) : undefined;
if (mounts > 0 && disk === undefined) throw new Error('sshfs cannot be mounted here');
try {
  const { tasks, named, faults } = await runHosts({
    folder,
    hosts: disk?.hosts ?? [folder],
    agents: Number(values.agents),
    seconds: Number(values.minutes) * 60,
  });
  const where = disk === undefined ? 'one folder' : `${mounts} mounts of sshfs`;
  console.log(
    `${tasks} tasks by ${values.agents} agents in ${values.minutes} minutes over ${where}, hosts ${named ? 'with' : 'without'} names of their own: ${faults.length} faults`,
  );
  for (const fault of faults) console.log(fault);
  if (faults.length > 0) process.exitCode = 1;
} finally {
  disk?.unmount();
  if (process.exitCode !== 1) rmSync(folder, { recursive: true, force: true });
}
