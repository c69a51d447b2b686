import { hash } from 'node:crypto';
import { type ErrorCode, PipeError } from '../errors.ts';
import type { RunReport, RunRequest } from '../queue/index.ts';
import { encodeValue } from '../serialization/index.ts';
import { emptyAttempt, type EndedAttempt, type StoredText } from '../store/index.ts';
import type { WorkerEnd } from './worker-process.ts';

/** Where an attempt ran, and why it was ended if it was. */
export interface WhoRan {
  readonly agent: number;
  readonly worker: number | null;
  readonly retries: number;
  /** Row id of the code. */
  readonly program: number;
  readonly reason: string | undefined;
}

/** An attempt that its worker reported. */
export function reportedAttempt(
  report: RunReport,
  { agent, worker, retries, program, reason }: WhoRan,
): EndedAttempt {
  const { attempt: number, result, ...rest } = report;
  const base = { ...rest, number, agent, worker, program };
  if (reason !== undefined) {
    return {
      ...base,
      outcome: 'stop',
      retries,
      error: encodeReason('TASK_KILLED', reason),
      result: null,
      returned: [],
    };
  }
  return { ...base, retries, result: result && { ...result, hash: contentHash(result) } };
}

/** An attempt whose worker died under it: by an exit that its code asked for, or by a signal. */
export function crashedAttempt(
  run: RunRequest,
  { exitCode, signal, error }: WorkerEnd,
  who: WhoRan & { readonly output: { readonly out: StoredText | null; readonly err: StoredText | null } },
): EndedAttempt {
  const isStopped = who.reason !== undefined || signal !== null;
  const message = who.reason ?? crashInWords({ exitCode, signal, ...(error === undefined ? {} : { error }) });
  return {
    ...emptyAttempt(run.task, run.attempt, who.agent),
    ...who.output,
    worker: who.worker,
    program: who.program,
    retries: who.retries,
    outcome: isStopped ? 'stop' : 'fail',
    exitCode,
    signal,
    error: encodeReason(isStopped ? 'TASK_KILLED' : 'TASK_FAILED', message),
  };
}

/** An attempt that failed before a worker saw it. */
export function unstartedAttempt(
  task: { readonly id: number; readonly attempts: number },
  agent: number,
  error: unknown,
): EndedAttempt {
  const cause = error instanceof Error ? error : new Error(String(error));
  return { ...emptyAttempt(task.id, task.attempts, agent), outcome: 'fail', error: encodeValue(cause).text };
}

export function encodeReason(code: ErrorCode, message: string): string {
  const error = new PipeError(code, message);
  delete error.stack;
  return encodeValue(error).text;
}

function crashInWords({ exitCode, signal, error }: WorkerEnd): string {
  if (error !== undefined) return `Its worker could not be started: ${error.message}.`;
  if (signal !== null) return `Its worker was ended by ${signal}.`;
  return `Its process exited with code ${exitCode} before the function returned.`;
}

/** Tells results apart; the name of a blob is already its content's. */
function contentHash({ text, blob }: StoredText): Uint8Array {
  return hash('sha256', `${blob ?? ''}\n${text ?? ''}`, 'buffer').subarray(0, 16);
}
