import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseMemberships } from './cgroup-limits.ts';

/**
 * A memory control group of version 1 for some processes, below the group of this process: the kernel counts what they
 * use, exactly, and ends one of them when it is more than the limit. Of version 2 there is none: there a group that has
 * processes, as ours has, may have no children with a limit. See the kernel's admin-guide/cgroup-v1/memory.
 */
export class MemoryGroup {
  /** Where the kernel shows it. */
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** A new group, undefined where none can be had. A later process removes those that a killed one left. */
  static make(name: string): MemoryGroup | undefined {
    const parent = ownMemoryGroup();
    if (parent === undefined) return undefined;
    return orRefused(() => {
      removeStale(parent);
      const folder = join(parent, `${PREFIX}${process.pid}-${name}`);
      mkdirSync(folder, 0o700);
      const group = new MemoryGroup(folder);
      // Where the kernel would stop processes instead of ending one, tasks would hang.
      if (group.#number('memory.oom_control', 'oom_kill_disable') === 0) return group;
      rmdirSync(folder);
      return undefined;
    });
  }

  /** Moves a process here; what it starts from now on is here as well. False where it may not, or is gone. */
  add(pid: number): boolean {
    return this.#write('cgroup.procs', pid);
  }

  /** Limits memory, and memory with swap; false where more is used already, then there is no limit. */
  limit(bytes: number | undefined): boolean {
    // With swap it may never be less than without.
    this.#write(SWAP_LIMIT, -1);
    const isLifted = this.#write(LIMIT, -1);
    if (bytes === undefined || !isLifted) return isLifted;
    if (!this.#write(LIMIT, bytes)) return false;
    this.#write(SWAP_LIMIT, bytes);
    return true;
  }

  /** The most bytes in use since the last reset, less the copies of files that the kernel would have given up. */
  get peak(): number {
    const files = this.#number('memory.stat', 'total_cache') - this.#number('memory.stat', 'total_shmem');
    return Math.max(0, this.highest - files);
  }

  /** The most bytes counted against the limit since the last reset. */
  get highest(): number {
    return Number(this.#read('memory.max_usage_in_bytes'));
  }

  resetPeak(): void {
    this.#write('memory.max_usage_in_bytes', 0);
  }

  /** How many processes of this group the kernel has ended for want of memory, here or anywhere. */
  get oomKills(): number {
    return this.#number('memory.oom_control', 'oom_kill');
  }

  /** Ends what is left in the group, and removes it; false where that takes a moment yet. */
  remove(): boolean {
    for (const pid of this.#read('cgroup.procs').split('\n').filter(Boolean).map(Number)) endProcess(pid);
    return removeGroup(this.folder);
  }

  #number(file: string, key: string): number {
    const line = this.#read(file)
      .split('\n')
      .find((one) => one.startsWith(`${key} `));
    return Number(line?.split(' ')[1] ?? 0);
  }

  #read(file: string): string {
    return orRefused(() => readFileSync(join(this.folder, file), 'utf8')) ?? '';
  }

  #write(file: string, value: number): boolean {
    const path = join(this.folder, file);
    return orRefused(() => writeFileSync(path, String(value), { flag: 'r+' }) ?? true) ?? false;
  }
}

const PREFIX = 'tspipe-';
const LIMIT = 'memory.limit_in_bytes';
const SWAP_LIMIT = 'memory.memsw.limit_in_bytes';

// Not allowed, not there, in use, or no more of them. EINVAL: a process in another process id namespace. ESRCH: one that
// is gone.
const REFUSALS = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOENT',
  'ENOTDIR',
  'EBUSY',
  'EEXIST',
  'EINVAL',
  'ESRCH',
  'ENODEV',
  'ENOSPC',
  'ENOMEM',
  'EAGAIN',
]);

function orRefused<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof Error && 'code' in error && REFUSALS.has(String(error.code))) return undefined;
    throw error;
  }
}

/**
 * The folder of this process's memory group. What is mounted may be a part of the hierarchy only, as in containers:
 * the path of the group counts from there. See proc_pid_mountinfo(5).
 */
function ownMemoryGroup(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const memberships = parseMemberships(orRefused(() => readFileSync('/proc/self/cgroup', 'utf8')) ?? '');
  const own = memberships.find(({ controllers }) => controllers.includes('memory'));
  const mounts = orRefused(() => readFileSync('/proc/self/mountinfo', 'utf8')) ?? '';
  const mount = mounts
    .split('\n')
    .find((line) => / - cgroup \S+ (\S*,)?memory(,|$)/.test(line))
    ?.split(' ');
  const [, , , root, folder] = mount ?? [];
  if (own === undefined || root === undefined || folder === undefined) return undefined;
  const path = relative(root, own.path);
  return path.startsWith('..') ? undefined : join(folder, path);
}

/** An agent that was killed leaves empty groups. */
function removeStale(parent: string): void {
  for (const name of readdirSync(parent)) {
    const pid = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : process.pid;
    if (pid !== process.pid && !isThere(pid)) removeGroup(join(parent, name));
  }
}

/** True where it is gone. */
function removeGroup(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return true;
    if (REFUSALS.has(String(code))) return false;
    throw error;
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

function endProcess(pid: number): void {
  // 0 stands for one of another process id namespace, and would mean our own group.
  if (pid > 0) orRefused(() => process.kill(pid, 'SIGKILL'));
}
