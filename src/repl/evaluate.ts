import { Recoverable, type REPLServer } from 'node:repl';
import { inspect, types } from 'node:util';
import { PipeError } from '../errors.ts';
import { visibleText } from '../util/index.ts';

// What is asked of the queue is awaited, so that one sees the answer and not a promise.
const AWAITED = /^\s*(?:(?:retry|kill|spawn)|queue\.\w+)\s*\(/;

interface Evaluation {
  /** How many inputs raised. */
  failures(): number;
  /** Counts input that ended within a statement. */
  refuseOpenEnd(): void;
}

/** Evaluates as Node does, except that lists of tasks are read at once and that errors are told without our frames. */
export function evaluateWith(server: REPLServer, errors: NodeJS.WritableStream): Evaluation {
  const original = server.eval;
  let failures = 0;
  let isOpen = false;
  const fail = (error: unknown): void => {
    failures++;
    // What Node keeps as `_error`.
    Object.assign(server, { lastError: error });
    errors.write(`Uncaught ${visibleText(describe(error))}\n`);
  };
  hearUncaught(server, fail);
  Object.assign(server, {
    // Node 26 tells here of what its own evaluation raised, in place of the callback.
    _handleError: (error: unknown) => {
      fail(error);
      server.clearBufferedCommand();
      server.displayPrompt();
    },
    eval: ((code, context, file, callback) => {
      const answer: typeof callback = (error, value) => {
        isOpen = error instanceof Recoverable;
        if (error instanceof Recoverable) callback(error, undefined);
        else if (error !== null && error !== undefined) {
          fail(error);
          callback(null, undefined);
        } else if (isTaskList(value)) {
          value.then(
            (tasks) => callback(null, tasks),
            (reason: unknown) => answer(reason as Error, undefined),
          );
        } else callback(null, value);
      };
      withoutInterruptListeners(() =>
        original.call(server, AWAITED.test(code) ? `await ${code.trimStart()}` : code, context, file, answer),
      );
    }) satisfies REPLServer['eval'],
  });
  return {
    failures: () => failures,
    refuseOpenEnd: () => {
      if (isOpen) fail(new SyntaxError('Unexpected end of input'));
    },
  };
}

/**
 * Node's prompt hears of errors of awaited code, and of those that nobody caught, in one place (a domain) and cannot
 * tell them apart; but only after the first kind is it ready for the next input. Out of the domain, the first go to
 * whoever evaluates, and the second to the process.
 */
function hearUncaught(server: REPLServer, fail: (error: unknown) => void): void {
  const domain: unknown = Reflect.get(server, '_domain');
  const stay = (): void => undefined;
  if (typeof domain === 'object' && domain !== null) Object.assign(domain, { enter: stay, exit: stay });
  const onUncaught = (error: unknown): void => {
    fail(error);
    if (server.terminal) server.displayPrompt(true);
  };
  process.on('uncaughtException', onUncaught);
  let isOver = false;
  server.once('exit', () => {
    process.off('uncaughtException', onUncaught);
    isOver = true;
  });
  // In Node 26 the prompt hears of uncaught errors before the process does; whoever comes last is asked first.
  const capture: unknown = Reflect.get(process, 'addUncaughtExceptionCaptureCallback');
  if (typeof capture !== 'function') return;
  Reflect.apply(capture, process, [
    (error: unknown): boolean => {
      if (!isOver) onUncaught(error);
      return !isOver;
    },
  ]);
}

/**
 * Node's prompt takes Ctrl-C to itself while it evaluates, and then has listeners of SIGINT removed, whereupon the
 * signal ends the process. With none there it stays with the prompt.
 */
function withoutInterruptListeners(evaluate: () => void): void {
  const listeners = process.listeners('SIGINT');
  process.removeAllListeners('SIGINT');
  try {
    evaluate();
  } finally {
    for (const listener of listeners) process.on('SIGINT', listener);
  }
}

function isTaskList(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Symbol.asyncIterator in value &&
    'then' in value &&
    typeof value.then === 'function'
  );
}

function describe(error: unknown): string {
  if (error instanceof PipeError) return `${error.code}: ${error.message}`;
  // An error of the prompt's own context is no instance of our Error.
  if (!types.isNativeError(error)) return inspect(error);
  return `${error.name}: ${error.message}`;
}
