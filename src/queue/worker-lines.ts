import { parseLine } from './check-message.ts';
import { isAnswer, isOrder, isPlainRun, isPlainSuccess } from './message-kinds.ts';
import type { FromWorker, RunReport, RunRequest, ToWorker } from './worker-messages.ts';

// Thousands of quick tasks a second are sent and answered: what is plain about them travels as a short list.

/** Task, attempt, when it began (milliseconds since 1970), seconds, encoded result without binary parts; exit code. */
type PlainSuccess = readonly [number, number, number, number, string, (number | null)?];

/** Order, recipe, task, attempt, id, index, encoded arguments without binary parts and Futures. */
type PlainRun = readonly [number, number, number, number, string, number, string];

/** What an agent says, as a line without its end. */
export function orderText(message: ToWorker): string {
  const plain = message.type === 'run' ? plainRun(message.run) : undefined;
  return JSON.stringify(plain ?? message);
}

/** The message that `orderText` gave this line for. Throws `MESSAGE_MALFORMED`. */
export function readOrder(line: string): ToWorker {
  const message = parseLine(line, isListText(line) ? isPlainRun : isOrder) as ToWorker | PlainRun;
  if (!isList(message)) return message;
  const [order, recipe, task, attempt, id, index, text] = message;
  const args = { text, blob: null, futures: NONE };
  return { type: 'run', run: { order, recipe, task, attempt, id, index, args } };
}

/** What a worker says, as a line without its end. */
export function answerText(message: FromWorker): string {
  const plain = message.type === 'done' ? plainSuccess(message.done) : undefined;
  return JSON.stringify(plain ?? message);
}

/** The message that `answerText` gave this line for. Throws `MESSAGE_MALFORMED`. */
export function readAnswer(line: string): FromWorker {
  const message = parseLine(line, isListText(line) ? isPlainSuccess : isAnswer) as FromWorker | PlainSuccess;
  return isList(message) ? { type: 'done', done: fullReport(message) } : message;
}

function isListText(line: string): boolean {
  return line.startsWith('[');
}

function isList<T extends readonly unknown[]>(message: object | T): message is T {
  return Array.isArray(message);
}

function plainRun({ order, recipe, task, attempt, id, index, args, env }: RunRequest): PlainRun | undefined {
  if (env !== undefined || args.blob !== null || args.futures.length > 0) return undefined;
  return [order, recipe, task, attempt, id, index, args.text];
}

function plainSuccess(report: RunReport): PlainSuccess | undefined {
  const { task, attempt, started, seconds, exitCode, result } = report;
  const isPlain =
    report.outcome === 'succeed' &&
    report.out === null &&
    report.err === null &&
    report.note === null &&
    report.peakMemory === null &&
    report.returned.length === 0;
  if (!isPlain || result === null || result.text === null || result.blob !== null) return undefined;
  const plain = [task, attempt, started, seconds, result.text] as const;
  return exitCode === null ? plain : [...plain, exitCode];
}

function fullReport([task, attempt, started, seconds, result, exitCode = null]: PlainSuccess): RunReport {
  return {
    task,
    attempt,
    outcome: 'succeed',
    started,
    seconds,
    exitCode,
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
