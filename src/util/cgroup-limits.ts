import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What the control groups of this process leave it; undefined where they set no limit. */
export interface CgroupLimits {
  readonly cores: number | undefined;
  readonly memoryBytes: number | undefined;
}

/** One control group a process is in. `controllers` is empty for version 2. */
export interface CgroupMembership {
  readonly controllers: readonly string[];
  readonly path: string;
}

/**
 * Reads the limits of versions 1 and 2 for the process that reads, its own groups and those above. `root` stands
 * for the root of the file system. See cgroups(7) and the kernel's admin-guide/cgroup-v2.
 */
export function readCgroupLimits(root = '/'): CgroupLimits {
  const memberships = parseMemberships(read(join(root, 'proc/self/cgroup')) ?? '');
  const folders = memberships.flatMap((membership) => foldersOf(membership, join(root, 'sys/fs/cgroup')));
  return {
    cores: smallest(folders.map(coresIn)),
    memoryBytes: smallest(folders.map(memoryIn)),
  };
}

/** Reads the text of /proc/self/cgroup. */
export function parseMemberships(text: string): readonly CgroupMembership[] {
  return text
    .split('\n')
    .map((line) => /^\d+:([^:]*):(\/.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, controllers = '', path = '/']) => ({
      controllers: controllers.split(',').filter((name) => name !== ''),
      path,
    }));
}

/** Cores by `cpu.max` (version 2): `max 100000`, or the microseconds of a core in each period. */
export function parseCpuMax(text: string): number | undefined {
  const [quota = '', period = '100000'] = text.trim().split(/\s+/);
  return parseQuota(quota, period);
}

/** Cores by `cpu.cfs_quota_us` and `cpu.cfs_period_us` (version 1), where -1 is no limit. */
export function parseQuota(quota: string, period: string): number | undefined {
  const cores = Number(quota) / Number(period);
  return quota.trim() !== '' && Number.isFinite(cores) && cores > 0 ? cores : undefined;
}

/** Bytes by `memory.max` (`max` is no limit) or `memory.limit_in_bytes` (no limit is a number near 2^63). */
export function parseMemoryLimit(text: string): number | undefined {
  const bytes = Number(text);
  return text.trim() !== '' && Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** The folders of a group and of all above it. In a container the path is the host's, so some do not exist. */
function foldersOf({ controllers, path }: CgroupMembership, mount: string): readonly string[] {
  const bases =
    controllers.length === 0
      ? [mount, join(mount, 'unified')]
      : [controllers.join(','), ...controllers].map((name) => join(mount, name));
  return bases.flatMap((base) => ancestorsOf(path).map((ancestor) => join(base, ancestor)));
}

function ancestorsOf(path: string): readonly string[] {
  return path === '/' ? [path] : [path, ...ancestorsOf(dirname(path))];
}

function coresIn(folder: string): number | undefined {
  const max = read(join(folder, 'cpu.max'));
  if (max !== undefined) return parseCpuMax(max);
  const quota = read(join(folder, 'cpu.cfs_quota_us'));
  return quota === undefined
    ? undefined
    : parseQuota(quota, read(join(folder, 'cpu.cfs_period_us')) ?? '100000');
}

function memoryIn(folder: string): number | undefined {
  const limit = read(join(folder, 'memory.max')) ?? read(join(folder, 'memory.limit_in_bytes'));
  return limit === undefined ? undefined : parseMemoryLimit(limit);
}

function smallest(limits: readonly (number | undefined)[]): number | undefined {
  const known = limits.filter((limit) => limit !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

function read(file: string): string | undefined {
  try {
    // Most are not there, and to ask is fifty times quicker than an error.
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}
