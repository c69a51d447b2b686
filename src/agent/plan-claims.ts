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
  readonly taskManager: number;
  readonly pending: number;
  /** Tasks to hold beyond the free workers, because they are over quickly. */
  readonly prefetch: number;
  readonly options: LaneOptions;
  /** Since when its next task does not fit, in milliseconds of the monotonic clock. */
  readonly waitingSince: number | undefined;
}

/** What the plan has to share out. */
export interface Room {
  readonly host: ResourceAmounts;
  readonly used: Usage;
  /** Free workers of each task manager. */
  readonly free: ReadonlyMap<number, number>;
  /** Milliseconds of the monotonic clock. */
  readonly now: number;
}

/** A task that did not fit for this long gets the next resources to come free. */
export const PATIENCE_MS = 1000;

/**
 * How many tasks of each lane to take now; lanes come in the order of priority. Smaller tasks go beside a larger
 * one that waits for room, but not for longer than `PATIENCE_MS`: then nothing else starts until it fits.
 * `tooLarge` are the lanes whose next task does not fit. What no host of this size could run is taken, to fail.
 */
export function planClaims(
  lanes: readonly LaneDemand[],
  { host, used, free, now }: Room,
): { readonly claims: ReadonlyMap<number, number>; readonly tooLarge: ReadonlySet<number> } {
  const claims = new Map<number, number>();
  const tooLarge = new Set<number>();
  const left = new Map(free);
  let usage = used;
  for (const { lane, taskManager, pending, prefetch, options, waitingSince } of lanes) {
    const slots = Math.max(0, left.get(taskManager) ?? 0);
    const isImpossible = !fits(options, NOTHING_USED, host);
    let count = 0;
    while (count < Math.min(pending, slots) && (isImpossible || fits(options, usage, host))) {
      if (!isImpossible) usage = add(usage, options);
      count++;
    }
    left.set(taskManager, slots - count);
    if (count === 0 && !isImpossible && !fits(options, usage, host)) {
      tooLarge.add(lane);
      if (waitingSince !== undefined && now - waitingSince > PATIENCE_MS) break;
    } else if (isPlain(options) && count === Math.min(pending, slots)) {
      count = Math.min(pending, count + prefetch);
    }
    if (count > 0) claims.set(lane, count);
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
