import { readdirSync, readFileSync } from 'node:fs';

/** The variable by which the processes of a worker are found, also those in sessions of their own. */
export const WORKER_MARK = 'TSPIPE_WORKER';

const ROUNDS = 5;
// A process that is being replaced by another program has no environment for a moment; those of the system never have.
const EMPTY = Symbol('no environment');
const MOST_LOOKS = 3;
const SLEEPER = new Int32Array(new SharedArrayBuffer(4));

/**
 * Finds processes by what they inherit: their environment holds the mark. A process that was looked at and has none is
 * not looked at again. On systems without /proc it finds none.
 */
export class MarkedProcesses {
  /** How often a process was found without an environment; `MOST_LOOKS` where it is somebody else's. */
  #looks = new Map<string, number>();
  #isSure = false;

  /** Process ids by mark. */
  find(): Map<string, number[]> {
    const found = new Map<string, number[]>();
    const looks = new Map<string, number>();
    this.#isSure = true;
    for (const pid of processIds()) {
      const before = this.#looks.get(pid) ?? 0;
      const mark = before >= MOST_LOOKS ? undefined : markOf(pid);
      if (typeof mark === 'string') found.set(mark, [...(found.get(mark) ?? []), Number(pid)]);
      else looks.set(pid, mark === EMPTY ? before + 1 : MOST_LOOKS);
      if (mark === EMPTY) this.#isSure = false;
    }
    this.#looks = looks;
    return found;
  }

  /** Ends all processes of a mark but this one, also those they start meanwhile; returns how many. */
  end(mark: string): number {
    const ended = new Set<number>();
    if (mark === '') return 0;
    for (let round = 0; round < ROUNDS; round++) {
      const fresh = (this.find().get(mark) ?? []).filter((pid) => pid !== process.pid && !ended.has(pid));
      if (fresh.length === 0 && this.#isSure) break;
      if (fresh.length === 0) Atomics.wait(SLEEPER, 0, 0, 1);
      for (const pid of fresh) {
        ended.add(pid);
        kill(pid);
      }
    }
    return ended.size;
  }
}

/** One for each worker. Not made by `node:crypto`, which takes a tenth of the time in which a worker starts to load. */
export function newMark(): string {
  const random = (): string => Math.random().toString(36).slice(2);
  return `${process.pid}-${random()}${random()}`;
}

/** These variables without the mark: for a process that is to outlive the worker in which it is started. */
export function withoutMark(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { [WORKER_MARK]: _, ...rest } = env;
  return rest;
}

function processIds(): string[] {
  try {
    return readdirSync('/proc').filter((name) => name.charCodeAt(0) <= NINE);
  } catch {
    return [];
  }
}

const NINE = '9'.charCodeAt(0);

function markOf(pid: string): string | typeof EMPTY | undefined {
  try {
    const text = `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`;
    if (text.length === 1) return EMPTY;
    const start = text.indexOf(`\0${WORKER_MARK}=`);
    if (start < 0) return undefined;
    const from = start + WORKER_MARK.length + 2;
    return text.slice(from, text.indexOf('\0', from));
  } catch {
    // It is gone, or another user's.
    return undefined;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
