import type { FromWorker } from '../queue/index.ts';
import type { Backlog } from './backlog.ts';
import type { Crew } from './crew.ts';
import type { Endings } from './endings.ts';
import type { WorkerProcess } from './worker-process.ts';

interface Hands {
  readonly crew: Crew;
  readonly backlog: Backlog;
  readonly endings: Endings;
}

/** Takes note of what a worker says of itself, and of tasks that are not over. */
export function heedMessage(
  worker: WorkerProcess,
  message: Exclude<FromWorker, { readonly type: 'done' }>,
  { crew, backlog, endings }: Hands,
): void {
  switch (message.type) {
    case 'ready':
      for (const assignment of worker.running) endings.limit(assignment);
      break;
    case 'leaving':
      worker.leave();
      break;
    case 'waiting':
      crew.lend(message.task);
      break;
    case 'resume':
      backlog.resume(message.task);
      break;
    case 'declined':
      backlog.putBack(crew.decline(worker, message.orders));
  }
}
