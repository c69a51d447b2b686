import type { StoredText } from '../store/index.ts';
import type { StoredValue } from './task-values.ts';

/** From agent to worker, one JSON document a line. */
export type ToWorker =
  | {
      readonly type: 'program';
      readonly program: number;
      readonly text: string;
      readonly blob: string | null;
    }
  | ({ readonly type: 'recipe' } & Recipe)
  | { readonly type: 'run'; readonly run: RunRequest }
  /** End an overlapping task. */
  | { readonly type: 'abort'; readonly task: number; readonly reason: string }
  /** A task that waited for a Future has its slot again. */
  | { readonly type: 'granted'; readonly task: number };

/** What the runs of one app with the same options share. */
export interface Recipe {
  /** Its number, by which runs name it. */
  readonly recipe: number;
  /** Of the app. */
  readonly name: string;
  readonly kind: string;
  /** Row id of the program, sent before. */
  readonly program: number;
  readonly timeoutSeconds: number | null;
  /** Versions that count for the identity of the app, by the names of packages. */
  readonly versions: Readonly<Record<string, string>>;
  /** Variables that tell what a task may use. */
  readonly env: Readonly<Record<string, string>>;
}

export interface RunRequest {
  /** Which of the runs that this worker is sent, counted from 1; they begin in this order. */
  readonly order: number;
  /** Number of the recipe, sent before. */
  readonly recipe: number;
  /** Row id. */
  readonly task: number;
  readonly attempt: number;
  /** Hex digits. */
  readonly id: string;
  readonly index: number;
  readonly args: StoredValue;
  /** More variables, for this run only; where tasks overlap, those of the first stay. */
  readonly env?: Readonly<Record<string, string>>;
}

/** From worker to agent. */
export type FromWorker =
  | { readonly type: 'ready' }
  /** It ends after an error that no task caught, and takes no more tasks. */
  | { readonly type: 'leaving' }
  | { readonly type: 'done'; readonly done: RunReport }
  /** Runs that were sent ahead and are not begun, by number: they were taken back, or one before them failed or waits. */
  | { readonly type: 'declined'; readonly orders: readonly number[] }
  /** The task awaits a Future and lends its slot; later it asks for it back. */
  | { readonly type: 'waiting'; readonly task: number }
  | { readonly type: 'resume'; readonly task: number };

export interface RunReport {
  readonly task: number;
  readonly attempt: number;
  readonly outcome: 'succeed' | 'fail' | 'stop';
  /** Milliseconds since 1970. */
  readonly started: number;
  readonly seconds: number;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Encoded. */
  readonly error: string | null;
  readonly out: StoredText | null;
  readonly err: StoredText | null;
  readonly note: string | null;
  /** What `retryOn` may name of the error: its classes and its code. */
  readonly errorNames: readonly string[];
  /** The task asked to be run again after so long. */
  readonly retryAfterSeconds: number | null;
  /** Bytes. */
  readonly peakMemory: number | null;
  readonly result: StoredText | null;
  readonly returned: readonly number[];
}
