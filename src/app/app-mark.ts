import type { AnyFunction, Program } from '../capture/index.ts';
import type { AppOptions } from './options.ts';

/** Marks apps; the property holds the definition. */
export const APP = Symbol.for('tspipe.App');

export type AppKind = 'ts' | 'bash';

/** Environment, scheduler and provider of a task manager, as plain text. */
export interface TaskManagerDescription {
  /** Hash of the three. */
  readonly key: string;
  readonly environ: string;
  readonly scheduler: string;
  readonly provider: string;
  /** What of the environment counts for identity. */
  readonly environIdentity: string;
}

/** What an app is made of, as far as it travels with code that refers to the app. */
export interface AppFacts {
  readonly name: string;
  readonly kind: AppKind;
  readonly fn: AnyFunction;
  /** What `this` is in the function: the class of a static method. */
  readonly receiver: object | undefined;
  readonly options: AppOptions;
  readonly taskManager: TaskManagerDescription;
  /** The captured function, as of now. */
  program(): Program;
}

export function isMarkedApp(value: unknown): value is AnyFunction & { readonly [APP]: AppFacts } {
  return typeof value === 'function' && APP in value;
}
