import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import {
  type FromWorker,
  readNote,
  readOutputRange,
  type RunRequest,
  type ToWorker,
} from '../queue/index.ts';
import type { StoredText } from '../store/index.ts';
import { trimOutput } from './trim-output.ts';
import { lastLines, lineSplitter, MarkedProcesses, ownProgram, WORKER_MARK } from '../util/index.ts';

export interface WorkerOptions {
  readonly number: number;
  readonly queue: string;
  readonly folder: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly slots: number;
  /** It runs one task and ends. */
  readonly isForOne: boolean;
  readonly taskManager: number;
}

/** What happens to a worker. */
export interface WorkerEvents {
  readonly message: (worker: WorkerProcess, message: FromWorker) => void;
  /** The process is gone, with all that it started; `error` where it could not be started. */
  readonly exit: (worker: WorkerProcess, end: WorkerEnd) => void;
}

export interface WorkerEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: Error;
  /** What it said before it could take a task, where it never could. */
  readonly lastWords?: string;
}

/** A child process that runs one task at a time, or overlaps as many as it has slots. */
export class WorkerProcess {
  readonly options: WorkerOptions;
  /** What the environment of all its processes holds. */
  readonly mark = randomUUID();
  readonly #child: ChildProcess;
  readonly #socket: Duplex;
  readonly #programs = new Set<number>();
  readonly #slots: (RunRequest | undefined)[];
  #isReady = false;
  #isLeaving = false;
  #isGone = false;
  #dismissal: NodeJS.Timeout | undefined;

  constructor(options: WorkerOptions, events: WorkerEvents) {
    this.options = options;
    this.#slots = Array.from({ length: options.slots }, () => undefined);
    const { folder, number } = options;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const out = openSync(join(folder, `${number}.out`), 'a', 0o600);
    const err = openSync(join(folder, `${number}.err`), 'a', 0o600);
    try {
      this.#child = spawn(process.execPath, [...ownProgram('worker/main'), ...workerArguments(options)], {
        cwd: options.cwd,
        env: { ...options.env, [WORKER_MARK]: this.mark },
        detached: true,
        stdio: ['ignore', out, err, 'pipe'],
      });
    } finally {
      closeSync(out);
      closeSync(err);
    }
    this.#socket = this.#child.stdio[3] as Duplex;
    this.#socket.on('error', ignoreBrokenPipe);
    this.#listen(events);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** True once it has said that it runs. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** True where it takes no more tasks: it was told to end, or ends by itself. */
  get isLeaving(): boolean {
    return this.#isLeaving;
  }

  /** Free slots. */
  get free(): number {
    return this.#isLeaving ? 0 : this.#slots.filter((run) => run === undefined).length;
  }

  get running(): readonly RunRequest[] {
    return this.#slots.filter((run) => run !== undefined);
  }

  /** Sends a task to a free slot; its program goes ahead, once. */
  run(run: RunRequest, program: { readonly text: string; readonly blob: string | null }): void {
    const slot = this.#slots.indexOf(undefined);
    if (slot < 0) throw new Error('a task was sent to a worker without a free slot');
    this.#slots[slot] = run;
    if (!this.#programs.has(run.program)) {
      this.#programs.add(run.program);
      this.send({ type: 'program', program: run.program, ...program });
    }
    this.send({ type: 'run', run });
    if (this.options.isForOne) this.leave();
  }

  /** The slot of a task that ended is free. */
  release(task: number): RunRequest | undefined {
    const slot = this.#slots.findIndex((run) => run?.task === task);
    const run = this.#slots[slot];
    if (slot >= 0) this.#slots[slot] = undefined;
    return run;
  }

  send(message: ToWorker): void {
    if (this.#socket.writable) this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  /** Takes no more tasks from now on. */
  leave(): void {
    this.#isLeaving = true;
  }

  /** Ends its whole process group; a task that heeds the signal may finish first. */
  end(signal: 'SIGTERM' | 'SIGKILL'): void {
    this.leave();
    this.#signal(signal);
  }

  /** Ends it at once, for what one of its tasks did, nobody can tell which. */
  endSuspected(): void {
    this.#signal('SIGKILL');
  }

  /** Keeps what its tasks write from filling the disk. */
  trimOutput(): void {
    const { folder, number } = this.options;
    const isResult = this.running.some(({ kind }) => kind === 'bash');
    trimOutput(join(folder, `${number}.out`), { isResult });
    trimOutput(join(folder, `${number}.err`), { isResult: false });
  }

  /** Lets a worker without tasks end, and ends it where it does not. */
  dismiss(): void {
    this.leave();
    if (this.#isGone || this.#dismissal !== undefined) return;
    this.#socket.end();
    this.#dismissal = setTimeout(() => this.#signal('SIGKILL'), DISMISSAL_MS);
  }

  /** What a task that this worker died on had written. */
  outputOf(task: number): { readonly out: StoredText | null; readonly err: StoredText | null } {
    const { folder, number } = this.options;
    const path = (ending: string): string => join(folder, `${number}.${ending}`);
    if (!existsSync(path('note'))) return { out: null, err: null };
    const note = readNote(readFileSync(path('note'))).findLast((record) => record.task === task);
    if (note === undefined) return { out: null, err: null };
    return {
      out: readOutputRange(path('out'), { from: note.outOffset, to: statSync(path('out')).size }),
      err: readOutputRange(path('err'), { from: note.errOffset, to: statSync(path('err')).size }),
    };
  }

  removeFiles(): void {
    const { folder, number } = this.options;
    for (const ending of ['out', 'err', 'note', 'process'])
      rmSync(join(folder, `${number}.${ending}`), { force: true });
  }

  #listen({ message, exit }: WorkerEvents): void {
    this.#socket.setEncoding('utf8');
    this.#socket.on(
      'data',
      lineSplitter((line) => {
        this.#isReady = true;
        message(this, JSON.parse(line) as FromWorker);
      }),
    );
    const end = (how: WorkerEnd): void => {
      if (this.#isGone) return;
      this.#isGone = true;
      clearTimeout(this.#dismissal);
      this.#signal('SIGKILL');
      processes.end(this.mark);
      exit(this, how);
    };
    this.#child.once('error', (error) => end({ exitCode: null, signal: null, error }));
    // "close" comes when all that the worker sent has been read.
    this.#child.once('close', (exitCode, signal) => {
      end({ exitCode, signal, ...(this.#isReady ? {} : { lastWords: this.#lastWords() }) });
    });
  }

  #lastWords(): string {
    const path = join(this.options.folder, `${this.options.number}.err`);
    return existsSync(path) ? lastLines(readFileSync(path, 'utf8').trim(), 3) : '';
  }

  /** To the whole process group. */
  #signal(signal: NodeJS.Signals): void {
    if (this.pid === undefined) return;
    try {
      process.kill(-this.pid, signal);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

const processes = new MarkedProcesses();

// How long a worker without tasks may take to end.
const DISMISSAL_MS = 5000;

function workerArguments({ queue, folder, number, slots }: WorkerOptions): string[] {
  return [queue, folder, String(number), String(slots), String(process.pid)];
}

/** A worker that died is noticed by its exit. */
function ignoreBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') throw error;
}
