import { storedObject } from '../store/index.ts';
import { Environment } from '../environment/index.ts';
import { Scheduler } from '../scheduler/index.ts';
import type { SlotRow, Store, TaskManagerRow } from '../store/index.ts';
import type { CrewTaskManager } from './crew.ts';

/** Takes note of how many workers of each task manager an agent may run. */
export function readTaskManagers(
  store: Store,
  slots: readonly SlotRow[],
  {
    known,
    concurrency,
  }: { readonly known: Map<number, CrewTaskManager>; readonly concurrency: number | undefined },
): void {
  for (const { task_manager, workers } of slots) {
    const taskManager = known.get(task_manager) ?? readTaskManager(store, task_manager, concurrency);
    taskManager.workers = workers;
    known.set(task_manager, taskManager);
  }
}

function readTaskManager(store: Store, id: number, override: number | undefined): CrewTaskManager {
  const row = store.read((db) => db.get<TaskManagerRow>('SELECT * FROM task_manager WHERE id = ?', id));
  const concurrency = override ?? Scheduler.from(storedObject(row?.scheduler ?? '{}')).concurrency;
  return { workers: 0, concurrency, environ: Environment.from(storedObject(row?.environ ?? '{}')) };
}
