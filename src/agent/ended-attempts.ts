import { type ErrorCode, PipeError } from '../errors.ts';
import type { RunReport } from '../queue/index.ts';
import { encodeValue } from '../serialization/index.ts';
import { emptyAttempt, type EndedAttempt, type StoredText } from '../store/index.ts';
import type { Assignment, Workload } from './assignment.ts';
import type { Ending } from './endings.ts';
import { type Failure, retriesLeft } from './retry-policy.ts';
import type { AgentSettings } from './settings.ts';
import type { WorkerEnd } from './worker-process.ts';

/** Where an attempt ran, and why it was ended if it was. */
export interface WhoRan {
  readonly agent: number;
  readonly worker: number | null;
  readonly workload: Workload;
  readonly settings: AgentSettings;
  readonly ending: Ending | undefined;
  /** Bytes that it was seen to use; null where nobody looked. */
  readonly peakMemory: number | null;
}

/** An attempt that its worker reported. */
export function reportedAttempt(report: RunReport, who: WhoRan): EndedAttempt {
  const { agent, worker, workload, ending } = who;
  const { outcome, exitCode, signal, errorNames } = report;
  const attempt: EndedAttempt = {
    task: report.task,
    app: workload.app,
    lane: workload.lane,
    number: report.attempt,
    outcome,
    retries: outcome === 'succeed' ? 0 : retriesOf(who, { names: errorNames, exitCode, signal }),
    retryDelay: workload.options.retryDelay ?? null,
    deferMs: report.retryAfterSeconds === null ? null : report.retryAfterSeconds * 1000,
    agent,
    worker,
    started: report.started,
    seconds: report.seconds,
    exitCode,
    signal,
    error: report.error,
    program: workload.program,
    note: report.note,
    peakMemory: larger(report.peakMemory, who.peakMemory),
    out: report.out,
    err: report.err,
    result: report.result,
    returned: report.returned,
  };
  if (ending === undefined) return attempt;
  const retries = retriesOf(who, { names: errorNames, exitCode, signal });
  const error = encodeReason('TASK_KILLED', ending.reason);
  return { ...attempt, retries, deferMs: null, outcome: 'stop', error, result: null, returned: [] };
}

/** An attempt whose worker died under it: by an exit that its code asked for, or by a signal. */
export function crashedAttempt(
  { task, attempt }: Assignment,
  end: WorkerEnd,
  who: WhoRan & { readonly output: { readonly out: StoredText | null; readonly err: StoredText | null } },
): EndedAttempt {
  const { exitCode, signal } = end;
  const isStopped = who.ending !== undefined || signal !== null;
  const message = who.ending?.reason ?? crashInWords(end, who.output.err?.text ?? '');
  return {
    ...emptyAttempt(task, attempt, who.agent),
    ...who.output,
    app: who.workload.app,
    lane: who.workload.lane,
    worker: who.worker,
    program: who.workload.program,
    retries: retriesOf(who, { names: [], exitCode, signal }),
    retryDelay: who.workload.options.retryDelay ?? null,
    peakMemory: who.peakMemory,
    outcome: isStopped ? 'stop' : 'fail',
    exitCode,
    signal,
    error: encodeReason(isStopped ? 'TASK_KILLED' : 'TASK_FAILED', message),
  };
}

function retriesOf({ workload, settings, ending }: WhoRan, failure: Omit<Failure, 'ending'>): number {
  return retriesLeft(workload.options, { ...failure, ending: ending?.cause }, settings);
}

function larger(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
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

function crashInWords({ exitCode, signal, error, lastWords }: WorkerEnd, stderr: string): string {
  if (error !== undefined) return `Its worker could not be started: ${error.message}.`;
  if (lastWords !== undefined)
    return `Its worker ended before it could begin (${signal ?? `exit code ${exitCode}`}): ${lastWords}`;
  if (signal === null) return `Its process exited with code ${exitCode} before the function returned.`;
  return `Its worker was ended by ${signal}${whySignal(signal, stderr)}.`;
}

function whySignal(signal: NodeJS.Signals, stderr: string): string {
  if (stderr.includes('JavaScript heap out of memory'))
    return ': its JavaScript heap was full (more: NODE_OPTIONS=--max-old-space-size=… in the environment)';
  if (signal === 'SIGKILL') return ', by another process, or by the system for want of memory';
  if (signal === 'SIGABRT' || signal === 'SIGSEGV' || signal === 'SIGBUS') return ': a crash in native code';
  return '';
}
