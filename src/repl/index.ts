import type { Queue } from '../queue/index.ts';

/**
 * Node's prompt on a queue, with `queue`, `tasks`, `task`, `retry`, `kill`, `spawn`, `apps`, `last` and `tm`. On a
 * terminal it shows tasks as tables and keeps a history; fed from a pipe it runs the lines, one after the other,
 * prints values as `util.inspect` does, and ends. Resolves, when it is left, to the number of inputs that raised.
 *
 * @example
 * await openRepl(new Queue('pi'));
 */
export async function openRepl(queue: Queue): Promise<number> {
  // Node's prompt takes as long to load as all of tspipe, and few scripts open one.
  return await (await import('./open-repl.ts')).openRepl(queue);
}
