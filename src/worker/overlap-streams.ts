import { currentTask } from '../context/index.ts';
import type { TaskOutput } from './task-streams.ts';

interface Buffers {
  out: string;
  err: string;
}

const buffers = new Map<number, Buffers>();
const KEPT_CHARACTERS = 10 * 1024 * 1024;

/**
 * Where tasks overlap in one worker, what JavaScript prints is told apart by asynchronous context; what bypasses
 * JavaScript goes to the worker's own files.
 */
export function divertPrinting(): void {
  divert(process.stdout, 'out');
  divert(process.stderr, 'err');
}

function divert(stream: NodeJS.WriteStream, name: 'out' | 'err'): void {
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  const diverted = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    const task = currentTask();
    const own = task === undefined ? undefined : buffers.get(task.row);
    if (own === undefined) return write(chunk, ...rest);
    if (own[name].length < KEPT_CHARACTERS)
      own[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    const done = rest.findLast((value) => typeof value === 'function');
    if (typeof done === 'function') process.nextTick(done);
    return true;
  };
  stream.write = diverted as typeof stream.write;
}

export function beginBuffers(task: number): {
  readonly add: (name: 'out' | 'err', text: string) => void;
  readonly end: () => TaskOutput;
} {
  const own: Buffers = { out: '', err: '' };
  buffers.set(task, own);
  return {
    add: (name, text) => {
      own[name] += text;
    },
    end: () => {
      buffers.delete(task);
      return { out: stored(own.out), err: stored(own.err) };
    },
  };
}

function stored(text: string): TaskOutput['out'] {
  return text === '' ? null : { text, blob: null };
}
