import { type Provider, providerFrom } from '../provider/index.ts';
import { Scheduler } from '../scheduler/index.ts';
import {
  countByTaskManager,
  type Database,
  isScoped,
  runningElsewhere,
  type SlotRow,
  slotsOf,
  type TaskManagerCounts,
  storedObject,
} from '../store/index.ts';
import type { Overrides } from './overrides.ts';

export interface SlotLimits extends Overrides {
  /** Ids of task managers; undefined for all. */
  readonly mid: readonly string[] | undefined;
  readonly maxWorkers: number | undefined;
}

/**
 * The slots that an agent is to get beyond those it has: as many workers for every task manager as its scheduler
 * wants, less those that run elsewhere.
 */
export function moreSlots(
  db: Database,
  agent: number,
  { mid, maxWorkers = Infinity, scheduler, provider }: SlotLimits,
): SlotRow[] {
  const elsewhere = new Map(runningElsewhere(db, agent).map((row) => [row.taskManager, row.running]));
  const held = new Map(slotsOf(db, agent).map((slot) => [slot.task_manager, slot.workers]));
  return countByTaskManager(db, isScoped(db))
    .filter(({ key }) => mid?.includes(key) ?? true)
    .map((counts) => ({
      agent,
      task_manager: counts.id,
      workers: Math.min(
        maxWorkers,
        wantedWorkers(counts, elsewhere.get(counts.id) ?? 0, {
          scheduler: scheduler ?? Scheduler.from(storedObject(counts.scheduler)),
          provider: provider ?? providerFrom(storedObject(counts.provider)),
        }),
      ),
    }))
    .filter(({ task_manager, workers }) => workers > (held.get(task_manager) ?? 0));
}

function wantedWorkers(
  { pending, running }: TaskManagerCounts,
  others: number,
  { scheduler, provider }: { readonly scheduler: Scheduler; readonly provider: Provider },
): number {
  return scheduler.workersToStart(
    { pending: pending + running - others, running: 0, activeWorkers: others, startingWorkers: 0 },
    { maxWorkers: provider.defaultMaxWorkers },
  );
}
