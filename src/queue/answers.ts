import type { FromWorker, RunReport } from './worker-messages.ts';

/** A run of which there is nothing to tell but when it was, and its result: the most, of quick tasks. */
interface PlainSuccess {
  readonly task: number;
  readonly attempt: number;
  readonly started: number;
  readonly seconds: number;
  /** Encoded, without binary parts. */
  readonly result: string;
}

/** What a worker says, as a line without its end. */
export function answerText(message: FromWorker): string {
  const plain = message.type === 'done' ? plainSuccess(message.done) : undefined;
  return JSON.stringify(plain ?? message);
}

/** The message that `answerText` gave this line for. */
export function readAnswer(line: string): FromWorker {
  const message = JSON.parse(line) as FromWorker | PlainSuccess;
  return 'type' in message ? message : { type: 'done', done: fullReport(message) };
}

function plainSuccess(report: RunReport): PlainSuccess | undefined {
  const { task, attempt, started, seconds, result } = report;
  const isPlain =
    report.outcome === 'succeed' &&
    report.out === null &&
    report.err === null &&
    report.note === null &&
    report.exitCode === null &&
    report.peakMemory === null &&
    report.returned.length === 0;
  if (!isPlain || result === null || result.text === null || result.blob !== null) return undefined;
  return { task, attempt, started, seconds, result: result.text };
}

function fullReport({ task, attempt, started, seconds, result }: PlainSuccess): RunReport {
  return {
    task,
    attempt,
    outcome: 'succeed',
    started,
    seconds,
    exitCode: null,
    signal: null,
    error: null,
    out: null,
    err: null,
    note: null,
    errorNames: NONE,
    retryAfterSeconds: null,
    peakMemory: null,
    result: { text: result, blob: null },
    returned: NONE,
  };
}

const NONE: readonly never[] = [];
