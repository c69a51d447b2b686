import { currentTask } from '../context/index.ts';
import type { TaskOutput } from './task-streams.ts';

const KEPT_CHARACTERS = 10 * 1024 * 1024;

/** What was printed, up to 10 Mi characters, and how many were left out. */
class Printed {
  #text = '';
  #leftOut = 0;

  add(text: string): void {
    const room = KEPT_CHARACTERS - this.#text.length;
    this.#text += room >= text.length ? text : text.slice(0, room);
    this.#leftOut += Math.max(0, text.length - room);
  }

  get stored(): TaskOutput['out'] {
    if (this.#text === '') return null;
    const cut = `\n… tspipe: ${this.#leftOut} characters of output are left out here …\n`;
    return { text: this.#leftOut === 0 ? this.#text : this.#text + cut, blob: null };
  }
}

type Streams = Readonly<Record<'out' | 'err', Printed>>;

const printed = new Map<number, Streams>();

/**
 * Where tasks overlap in one worker, what JavaScript prints is told apart by asynchronous context; what bypasses
 * JavaScript goes to the worker's own files.
 */
export function divertPrinting(): void {
  divert(process.stdout, 'out');
  divert(process.stderr, 'err');
}

/**
 * Where tasks run one after the other, what JavaScript prints for one that is over does not get among what the next
 * one prints.
 */
export function dropLatePrinting(): void {
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
    const dropping = (...args: unknown[]): boolean => {
      if (currentTask()?.isOver !== true) return write(...args);
      callDone(args);
      return true;
    };
    stream.write = dropping as typeof stream.write;
  }
}

function divert(stream: NodeJS.WriteStream, name: 'out' | 'err'): void {
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  const diverted = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    const task = currentTask();
    const own = task === undefined ? undefined : printed.get(task.row);
    if (own === undefined) return write(chunk, ...rest);
    own[name].add(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
    callDone(rest);
    return true;
  };
  stream.write = diverted as typeof stream.write;
}

/** Streams call back when a chunk is written. */
function callDone(args: readonly unknown[]): void {
  const done = args.findLast((value) => typeof value === 'function');
  if (typeof done === 'function') process.nextTick(done);
}

/** Keeps apart what a task prints until `end`. */
export function keepApart(task: number): {
  readonly add: (name: 'out' | 'err', text: string) => void;
  readonly end: () => TaskOutput;
} {
  const own: Streams = { out: new Printed(), err: new Printed() };
  printed.set(task, own);
  return {
    add: (name, text) => own[name].add(text),
    end: () => {
      printed.delete(task);
      return { out: own.out.stored, err: own.err.stored };
    },
  };
}
