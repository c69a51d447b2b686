import { inspect } from 'node:util';
import { PipeError } from '../errors.ts';
import { log } from '../util/index.ts';

interface Flushable {
  flushNow(): void;
}

const waiting = new Set<Flushable>();
let isListening = false;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Those whose calls are to be in the file when the process ends: normally, by an error, by a signal. */
export const flushAtExit = {
  add(one: Flushable): void {
    listen();
    waiting.add(one);
  },
  delete(one: Flushable): void {
    waiting.delete(one);
  },
};

// Once it listens it goes on until a signal comes: one that arrives just when the last listener is taken off is lost.
function listen(): void {
  if (isListening) return;
  isListening = true;
  process.on('exit', flushAll);
  for (const signal of SIGNALS) process.on(signal, endBySignal);
}

function stopListening(): void {
  isListening = false;
  process.off('exit', flushAll);
  for (const signal of SIGNALS) process.off(signal, endBySignal);
}

function flushAll(): void {
  for (const one of waiting) {
    try {
      one.flushNow();
    } catch (error) {
      // Our own errors say all there is to say; their stacks are of our code.
      const why = error instanceof PipeError ? `${error.code}: ${error.message}` : inspect(error);
      log.error(`calls could not be written to the queue and are lost: ${why}`);
      process.exitCode = 1;
    }
  }
}

/** Ends by the same signal, unless the user's script handles it and decides itself. */
function endBySignal(signal: NodeJS.Signals): void {
  flushAll();
  waiting.clear();
  stopListening();
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}
