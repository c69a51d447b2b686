import {
  byType,
  isNumber,
  isRow,
  isText,
  isWhole,
  listOf,
  objectOf,
  oneOf,
  optional,
  orNull,
  textsByName,
  tupleOf,
} from './check-message.ts';

// What `ToWorker` and `FromWorker` say to the compiler, once more for what came over a pipe.

const storedText = objectOf({ text: orNull(isText), blob: orNull(isText) });

type IsKind = (value: unknown) => boolean;

// Futures hold values, which hold Futures.
const storedValue: IsKind = (value) =>
  objectOf({ text: isText, blob: orNull(isText), futures: listOf(isStoredFuture) })(value);

const isStoredFuture: IsKind = (future) =>
  objectOf({ value: storedValue })(future) || objectOf({ error: isText })(future);

const runRequest = objectOf({
  order: isRow,
  recipe: isRow,
  task: isRow,
  attempt: isRow,
  id: isText,
  index: isRow,
  args: storedValue,
  env: optional(textsByName),
});

const runReport = objectOf({
  task: isRow,
  attempt: isRow,
  outcome: oneOf('succeed', 'fail', 'stop'),
  started: isNumber,
  seconds: isNumber,
  exitCode: orNull(isWhole),
  signal: orNull(isText),
  error: orNull(isText),
  out: orNull(storedText),
  err: orNull(storedText),
  note: orNull(isText),
  errorNames: listOf(isText),
  retryAfterSeconds: orNull(isNumber),
  peakMemory: orNull(isNumber),
  result: orNull(storedText),
  returned: listOf(isRow),
});

/** Order, recipe, task, attempt, id, index, encoded arguments. */
export const isPlainRun: IsKind = tupleOf(isRow, isRow, isRow, isRow, isText, isRow, isText);

const plainSuccess = [isRow, isRow, isNumber, isNumber, isText] as const;
const isPlain = tupleOf(...plainSuccess);
const isPlainWithExitCode = tupleOf(...plainSuccess, orNull(isWhole));

/** Task, attempt, when it began, seconds, encoded result; exit code. */
export const isPlainSuccess: IsKind = (value) => isPlain(value) || isPlainWithExitCode(value);

/** What an agent says otherwise. */
export const isOrder: IsKind = byType({
  program: objectOf({ program: isRow, text: isText, blob: orNull(isText) }),
  recipe: objectOf({
    recipe: isRow,
    name: isText,
    kind: isText,
    program: isRow,
    timeoutSeconds: orNull(isNumber),
    versions: textsByName,
    env: textsByName,
  }),
  run: objectOf({ run: runRequest }),
  abort: objectOf({ task: isRow, reason: isText }),
  granted: objectOf({ task: isRow }),
});

/** What a worker says otherwise. */
export const isAnswer: IsKind = byType({
  ready: () => true,
  leaving: () => true,
  done: objectOf({ done: runReport }),
  declined: objectOf({ orders: listOf(isRow) }),
  waiting: objectOf({ task: isRow }),
  resume: objectOf({ task: isRow }),
});
