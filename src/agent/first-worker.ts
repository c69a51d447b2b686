import { existsSync } from 'node:fs';
import type { PendingLane } from '../store/index.ts';
import type { Crew } from './crew.ts';
import type { Environments } from './environments.ts';

interface Hands {
  readonly crew: Crew;
  readonly environments: Environments;
}

/**
 * Starts the worker that the first claim is sure to need before there is a task for it: a worker takes as long to start
 * as this process does from here to its first claim and commit. Where that is not sure, or not yet known (set-up
 * commands have to run, tasks that overlap share variables of the first of them), it is started with its first task.
 */
export function startFirstWorker([first]: readonly PendingLane[], { crew, environments }: Hands): void {
  if (first === undefined || !existsSync(first.cwd)) return;
  const known = crew.taskManagers.get(first.taskManager);
  if (known === undefined || known.workers < 1 || known.concurrency > 1) return;
  const variables = environments.of(first.taskManager, known.environ, first.cwd);
  if (variables !== undefined && 'values' in variables) crew.prepare(first, variables.values);
}
