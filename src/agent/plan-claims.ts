import type { LaneOptions } from '../app/index.ts';

/** Cores, memory and GPUs that are taken or there. */
export interface ResourceAmounts {
  readonly cores: number;
  readonly memoryBytes: number;
  readonly gpus: number;
}

/** What runs now. */
export interface Usage extends ResourceAmounts {
  /** Running tasks that declare their cores. */
  readonly declared: number;
}

/** A lane with pending tasks, as the plan sees it. */
export interface LaneDemand {
  readonly lane: number;
  readonly pending: number;
  /** Free workers of its task manager on this host. */
  readonly free: number;
  /** Tasks to hold beyond the free workers, because they are over quickly. */
  readonly prefetch: number;
  readonly options: LaneOptions;
  /** Since when its next task does not fit, in milliseconds of the monotonic clock. */
  readonly waitingSince: number | undefined;
}

/** A task that did not fit for this long gets the next resources to come free. */
export const PATIENCE_MS = 1000;

/**
 * How many tasks of each lane to take now; lanes come in the order of priority. Smaller tasks go beside a larger
 * one that waits for room, but not for longer than `PATIENCE_MS`: then nothing else starts until it fits.
 * `tooLarge` are the lanes whose next task does not fit.
 */
export function planClaims(
  lanes: readonly LaneDemand[],
  { host, used, now }: { host: ResourceAmounts; used: Usage; now: number },
): { readonly claims: ReadonlyMap<number, number>; readonly tooLarge: ReadonlySet<number> } {
  const claims = new Map<number, number>();
  const tooLarge = new Set<number>();
  let usage = used;
  for (const { lane, pending, free, prefetch, options, waitingSince } of lanes) {
    let count = 0;
    while (count < Math.min(pending, free) && fits(options, usage, host)) {
      usage = add(usage, options);
      count++;
    }
    const isShort = count < Math.min(pending, free);
    if (isShort) tooLarge.add(lane);
    else if (count > 0 && isPlain(options)) count = Math.min(pending, count + prefetch);
    if (count > 0) claims.set(lane, count);
    if (isShort && count === 0 && waitingSince !== undefined && now - waitingSince > PATIENCE_MS) break;
  }
  return { claims, tooLarge };
}

/** True for tasks that declare nothing: `maxWorkers` alone bounds how many of them run. */
export function isPlain({ cores, memoryBytes, gpus }: LaneOptions): boolean {
  return cores === 0 && memoryBytes === 0 && gpus === 0;
}

/** A task that does not declare cores takes one, but only tasks that declare theirs take note of it. */
export function fits(wanted: LaneOptions, used: Usage, host: ResourceAmounts): boolean {
  if (used.memoryBytes + wanted.memoryBytes > host.memoryBytes) return false;
  if (used.gpus + wanted.gpus > host.gpus) return false;
  if (wanted.cores === 0 && used.declared === 0) return true;
  return used.cores + Math.max(1, wanted.cores) <= host.cores;
}

export function add(used: Usage, { cores, memoryBytes, gpus }: LaneOptions): Usage {
  return {
    cores: used.cores + Math.max(1, cores),
    memoryBytes: used.memoryBytes + memoryBytes,
    gpus: used.gpus + gpus,
    declared: used.declared + Number(cores > 0),
  };
}

export const NOTHING_USED: Usage = { cores: 0, memoryBytes: 0, gpus: 0, declared: 0 };
