import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostResources } from '../../src/util/index.ts';

const GIB = 1024 ** 3;
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tspipe-'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}

function resources(env: NodeJS.ProcessEnv = {}) {
  return hostResources({ root, env, cores: 16, memoryBytes: 64 * GIB });
}

describe('hostResources', () => {
  it('tells what this host has', () => {
    const { cores, memoryBytes } = hostResources();
    expect(cores).toBeGreaterThanOrEqual(1);
    expect(cores).toBeLessThanOrEqual(availableParallelism());
    expect(memoryBytes).toBeGreaterThan(0);
    expect(memoryBytes).toBeLessThanOrEqual(totalmem());
  });

  it('takes all of it where there are no control groups', () => {
    expect(resources()).toEqual({ cores: 16, memoryBytes: 64 * GIB, gpus: [] });
  });

  it('takes the narrowest limit of version 2 up to the root', () => {
    write({
      'proc/self/cgroup': '0::/batch.slice/job_7/step_0\n',
      'sys/fs/cgroup/batch.slice/cpu.max': '400000 100000\n',
      'sys/fs/cgroup/batch.slice/memory.max': 'max\n',
      'sys/fs/cgroup/batch.slice/job_7/cpu.max': '250000 100000\n',
      'sys/fs/cgroup/batch.slice/job_7/memory.max': `${8 * GIB}\n`,
      'sys/fs/cgroup/batch.slice/job_7/step_0/cpu.max': 'max 100000\n',
      'sys/fs/cgroup/batch.slice/job_7/step_0/memory.max': 'max\n',
    });
    expect(resources()).toMatchObject({ cores: 2, memoryBytes: 8 * GIB });
  });

  it('takes the limits of version 1, also where the path is that outside the container', () => {
    write({
      'proc/self/cgroup': '5:cpu,cpuacct:/docker/abc\n4:memory:/docker/abc\n1:name=systemd:/\n0::/\n',
      'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '300000\n',
      'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
      'sys/fs/cgroup/memory/memory.limit_in_bytes': `${2 * GIB}\n`,
    });
    expect(resources()).toMatchObject({ cores: 3, memoryBytes: 2 * GIB });
  });

  it('reads what version 1 writes for no limit', () => {
    write({
      'proc/self/cgroup': '2:cpu:/\n4:memory:/\n',
      'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
      'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
      'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
    });
    expect(resources()).toMatchObject({ cores: 16, memoryBytes: 64 * GIB });
  });

  it('never has less than one core', () => {
    write({ 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': '50000 100000\n' });
    expect(resources().cores).toBe(1);
  });

  it('lists the GPUs of the device folder in order', () => {
    write({ 'dev/nvidia10': '', 'dev/nvidia2': '', 'dev/nvidia0': '', 'dev/nvidiactl': '' });
    expect(resources().gpus).toEqual(['0', '2', '10']);
  });

  it.each([
    ['1,3', ['1', '3']],
    ['0, 2', ['0', '2']],
    ['GPU-8932f937-d72c,1', ['GPU-8932f937-d72c', '1']],
    ['', []],
    ['-1', []],
    ['0,-1,1', ['0']],
    ['NoDevFiles', []],
  ])('takes the GPUs of CUDA_VISIBLE_DEVICES=%s', (variable, gpus) => {
    write({ 'dev/nvidia0': '' });
    expect(resources({ CUDA_VISIBLE_DEVICES: variable }).gpus).toEqual(gpus);
  });
});
