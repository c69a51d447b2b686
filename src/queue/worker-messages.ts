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
  | { readonly type: 'run'; readonly run: RunRequest }
  /** End an overlapping task. */
  | { readonly type: 'abort'; readonly task: number; readonly reason: string }
  /** A task that waited for a Future has its slot again. */
  | { readonly type: 'granted'; readonly task: number };

export interface RunRequest {
  /** Row id. */
  readonly task: number;
  readonly attempt: number;
  /** Hex digits. */
  readonly id: string;
  readonly name: string;
  readonly index: number;
  readonly kind: string;
  /** Row id of the program, sent before. */
  readonly program: number;
  readonly args: StoredValue;
  readonly timeoutSeconds: number | null;
  /** Versions that count for the identity of the app, by the names of packages. */
  readonly versions: Readonly<Record<string, string>>;
  /** Variables that tell what the task may use. */
  readonly env: Readonly<Record<string, string>>;
}

/** From worker to agent. */
export type FromWorker =
  | { readonly type: 'ready' }
  /** It ends after an error that no task caught, and takes no more tasks. */
  | { readonly type: 'leaving' }
  | { readonly type: 'done'; readonly done: RunReport }
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
