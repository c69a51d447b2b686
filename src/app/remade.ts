import type { JsonValue } from '../serialization/index.ts';

/** Marks task managers and queues, which a worker makes again from a description. */
export const REMADE = Symbol.for('tspipe.remade');

/** What a worker needs of a task manager or a queue that a function refers to. */
export interface Remade {
  readonly tag: 'TaskManager' | 'Queue';
  readonly body: JsonValue;
  /** What of it counts for the identity of the function. */
  readonly key: JsonValue;
}

export function isRemade(value: object): value is { readonly [REMADE]: Remade } {
  return REMADE in value;
}

type Remake = (body: JsonValue) => unknown;

/** How these are made again. They live in rooms above this one, so it is handed in where all is wired. */
export const remakers: Record<Remade['tag'], Remake | undefined> = {
  TaskManager: undefined,
  Queue: undefined,
};

/** Sees to it that a program can have its task managers and queues, by loading what a worker has no need of else. */
export async function loadRemakers(text: string): Promise<void> {
  const isNeeded = /"tag":"(TaskManager|Queue)"|\\"tag\\":\\"(TaskManager|Queue)/.test(text);
  if (isNeeded && remakers.TaskManager === undefined) await import('tspipe');
}
