import { readdirSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { type CgroupLimits, readCgroupLimits } from './cgroup-limits.ts';

/** What this host lets this process use. `gpus` are the ids that `CUDA_VISIBLE_DEVICES` takes. */
export interface HostResources {
  readonly cores: number;
  readonly memoryBytes: number;
  readonly gpus: readonly string[];
}

/** Where to read from; the defaults are the real ones. `root` stands for the root of the file system. */
export interface HostSources {
  readonly root?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cores?: number;
  readonly memoryBytes?: number;
}

/**
 * The cores, memory and GPUs this process may use here: CPU affinity and the limits of its control groups count.
 * A limit of 2.5 cores gives 2, one of 0.5 gives 1.
 */
export function hostResources(sources: HostSources = {}): HostResources {
  const { root = '/', env = process.env } = sources;
  const limits = sources.root === undefined ? readOwnLimits() : readCgroupLimits(root);
  const cores = Math.min(sources.cores ?? availableParallelism(), limits.cores ?? Infinity);
  return {
    cores: Math.max(1, Math.floor(cores)),
    memoryBytes: Math.min(sources.memoryBytes ?? totalmem(), limits.memoryBytes ?? Infinity),
    gpus: visibleGpus(env.CUDA_VISIBLE_DEVICES) ?? installedGpus(join(root, 'dev')),
  };
}

let ownLimits: CgroupLimits | undefined;

/** Once: it takes some fifty looks for files. */
function readOwnLimits(): CgroupLimits {
  ownLimits ??= readCgroupLimits();
  return ownLimits;
}

/** Reads CUDA_VISIBLE_DEVICES: ids up to the first that is none, as CUDA does; undefined when not set. */
export function visibleGpus(variable: string | undefined): readonly string[] | undefined {
  const ids = variable?.split(',').map((id) => id.trim());
  const end = ids?.findIndex((id) => !/^(\d+|(GPU|MIG)-.+)$/.test(id)) ?? -1;
  return end < 0 ? ids : ids?.slice(0, end);
}

function installedGpus(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .map((name) => /^nvidia(\d+)$/.exec(name)?.[1])
      .filter((id) => id !== undefined)
      .sort((a, b) => Number(a) - Number(b));
  } catch {
    return [];
  }
}
