import { inspect } from 'node:util';
import { encodeWithFutures, mapErrorStacks, portableValues } from '../app/index.ts';
import { PipeError } from '../errors.ts';
import { Future, type Recipe, type RunReport, type RunRequest, taskQueueHost } from '../queue/index.ts';
import { encodeValue } from '../serialization/index.ts';
import type { Blobs, StoredText } from '../store/index.ts';
import { isDiskFull } from '../util/index.ts';
import { failureFacts, NO_FAILURE } from './failure-facts.ts';
import type { TaskOutput } from './task-streams.ts';

/** How a run ended. */
export interface RunEnd {
  readonly outcome: RunReport['outcome'];
  readonly error?: unknown;
  readonly exitCode?: number | null;
  readonly signal?: string | null;
  readonly result?: { readonly value: unknown };
}

/** What is known of a run beside its end. */
export interface RunRecord {
  readonly run: RunRequest;
  readonly recipe: Recipe;
  /** Milliseconds since 1970. */
  readonly started: number;
  readonly seconds: number;
  readonly output: TaskOutput;
  readonly note: string | null;
  /** Bytes; null where the run was too quick to look. */
  readonly peakMemory: number | null;
}

/** The largest result that is kept, as text or binary parts. */
const LARGEST_RESULT = 256 * 1024 * 1024;

/** What the agent is told of a run; a result that cannot be encoded makes it a failure. Throws where the disk is full. */
export function makeReport(end: RunEnd, record: RunRecord, blobs: Blobs): RunReport {
  const { run, recipe, output, started, seconds, note, peakMemory } = record;
  const base = {
    ...output,
    ...NO_FAILURE,
    task: run.task,
    attempt: run.attempt,
    started,
    seconds,
    note,
    peakMemory,
    exitCode: end.exitCode ?? null,
    signal: end.signal ?? null,
    result: null,
    returned: [],
  };
  if (end.outcome !== 'succeed') {
    const { outcome, error } = end;
    return { ...base, ...failureFacts(error), outcome, error: encodeError(error) };
  }
  try {
    const encoded = encodeResult(end.result?.value, recipe.name, blobs);
    // The standard output of a bash app is its result, and kept once.
    const out = recipe.kind === 'bash' ? null : output.out;
    return { ...base, ...encoded, outcome: 'succeed', error: null, out };
  } catch (error) {
    // It is kept until there is room for it.
    if (isDiskFull(error)) throw error;
    return { ...base, ...failureFacts(error), outcome: 'fail', error: encodeError(error) };
  }
}

function encodeResult(
  value: unknown,
  name: string,
  blobs: Blobs,
): { readonly result: StoredText; readonly returned: readonly number[] } {
  const encoded = encodeWithFutures(value, { trail: `${name} → result`, isResult: true });
  const bytes = encoded.text.length + encoded.blobs.reduce((sum, blob) => sum + blob.byteLength, 0);
  if (bytes > LARGEST_RESULT) {
    throw new PipeError(
      'RESULT_TOO_LARGE',
      `The result of ${name} takes ${Math.round(bytes / 2 ** 20)} MiB, 256 MiB are kept. Write a file and return its path.`,
    );
  }
  const returned = encoded.futures.map(({ future }) => Future.rowOf(ownFuture(future, name)));
  return { result: { text: encoded.text, blob: blobs.write(encoded.blobs) }, returned };
}

function ownFuture(future: unknown, name: string): Future {
  if (future instanceof Future && Future.hostOf(future) === taskQueueHost()) return future;
  throw new PipeError('FUTURE_FOREIGN', `${name} returned a Future of another queue. Return its result.`);
}

/** What was thrown, as it travels: with the user's own lines in the stack; as plain text where it cannot. */
function encodeError(thrown: unknown): string {
  const error =
    thrown instanceof Error ? thrown : new Error(`it threw ${inspect(thrown)}, which is no Error`);
  mapErrorStacks(error);
  try {
    return encodeValue(error, portableValues).text;
  } catch {
    const { name, message, stack } = error;
    return encodeValue(Object.assign(new Error(message), { name, stack })).text;
  }
}
