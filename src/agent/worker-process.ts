import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { type FromWorker, orderText, readAnswer, type Recipe, type ToWorker } from '../queue/index.ts';
import type { StoredText } from '../store/index.ts';
import { lineSplitter, log, MarkedProcesses, newMark, ownProgram, WORKER_MARK } from '../util/index.ts';
import type { Assignment } from './assignment.ts';
import { HeldTasks } from './held-tasks.ts';
import { WorkerFiles } from './worker-files.ts';

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

/** A task as a worker is to run it. */
export interface Order {
  readonly assignment: Assignment;
  readonly recipe: Recipe;
  /** Variables for this run only. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Code as it travels to a worker. */
export type ReadProgram = (id: number) => { readonly text: string; readonly blob: string | null };

/** A child process that runs one task at a time, or overlaps as many as it has slots. */
export class WorkerProcess {
  readonly options: WorkerOptions;
  /** What the environment of all its processes holds. */
  readonly mark = newMark();
  readonly #child: ChildProcess;
  readonly #socket: Duplex;
  readonly #readProgram: ReadProgram;
  /** Programs and recipes that it was sent. */
  readonly #programs = new Set<number>();
  readonly #recipes = new Set<number>();
  readonly #held: HeldTasks;
  readonly #files: WorkerFiles;
  #answers = 0;
  #outbox: string[] = [];
  #isReady = false;
  #isLeaving = false;
  #isGone = false;
  #dismissal: NodeJS.Timeout | undefined;

  constructor(options: WorkerOptions, events: WorkerEvents, readProgram: ReadProgram) {
    this.options = options;
    this.#readProgram = readProgram;
    this.#held = new HeldTasks(options.slots);
    this.#files = new WorkerFiles(options.folder, options.number);
    const outputs = this.#files.openOutputs();
    try {
      this.#child = spawn(process.execPath, [...ownProgram('worker/main'), ...workerArguments(options)], {
        cwd: options.cwd,
        env: { ...options.env, [WORKER_MARK]: this.mark },
        detached: true,
        stdio: ['ignore', outputs.out, outputs.err, 'pipe', 'pipe'],
      });
    } finally {
      outputs.close();
    }
    this.#socket = this.#child.stdio[3] as Duplex;
    this.#socket.on('error', ignoreBrokenPipe);
    this.#listen(this.#child.stdio[4] as Duplex, events);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** True once it has said that it runs. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** How often it has said something. */
  get answers(): number {
    return this.#answers;
  }

  /** True where it takes no more tasks: it was told to end, or ends by itself. */
  get isLeaving(): boolean {
    return this.#isLeaving;
  }

  /** Free slots. */
  get free(): number {
    return this.#isLeaving ? 0 : Math.max(0, this.options.slots - this.#held.size);
  }

  /** The tasks in its slots. */
  get running(): readonly Assignment[] {
    return this.#held.running;
  }

  /** Whether it was sent a task and has not answered. */
  holds(task: number): boolean {
    return this.#held.has(task);
  }

  /** How many tasks it was sent beyond those in its slots. */
  get aheadCount(): number {
    return this.#held.aheadCount;
  }

  /** Sends a task, to a free slot or ahead; its program and recipe go before it, once. */
  run({ assignment, recipe, env }: Order): void {
    const { program, recipe: number } = recipe;
    if (!this.#programs.has(program)) {
      this.#programs.add(program);
      this.send({ type: 'program', program, ...this.#readProgram(program) });
    }
    if (!this.#recipes.has(number)) {
      this.#recipes.add(number);
      this.send({ type: 'recipe', ...recipe });
    }
    const { task, attempt, id, index, args } = assignment;
    const order = this.#held.add(assignment);
    this.send({
      type: 'run',
      run: { order, recipe: number, task, attempt, id, index, args, ...(env === undefined ? {} : { env }) },
    });
    if (this.options.isForOne) this.leave();
  }

  /** A task was answered. */
  release(assignment: Assignment): void {
    this.#held.delete(assignment);
  }

  /**
   * Takes back what it was sent ahead and has not begun, however busy it is, see `worker-note.ts`. What it has begun
   * meanwhile stays.
   */
  recall(): readonly Assignment[] {
    if (this.aheadCount === 0) return [];
    return this.#held.takeAhead(this.#files.takeBack(this.#held.sent));
  }

  /** Takes out what was sent ahead to a process that is gone. */
  takeAhead(): readonly Assignment[] {
    return this.#held.takeAhead(0);
  }

  /** Takes out what it declines to begin, by number. */
  takeDeclined(orders: readonly number[]): readonly Assignment[] {
    return this.#held.takeOrders(orders);
  }

  /** Messages leave together, at the end of what this process is at. */
  send(message: ToWorker): void {
    if (this.#outbox.length === 0) queueMicrotask(() => this.#flush());
    this.#outbox.push(orderText(message));
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
    this.#files.trimOutput(this.running.some(({ workload }) => workload.kind === 'bash'));
  }

  /** Lets a worker without tasks end, and ends it where it does not. */
  dismiss(): void {
    this.leave();
    if (this.#isGone || this.#dismissal !== undefined) return;
    this.#flush();
    this.#socket.end();
    this.#dismissal = setTimeout(() => this.#signal('SIGKILL'), DISMISSAL_MS);
  }

  /** What a task that this worker died on had written. */
  outputOf(task: number): { readonly out: StoredText | null; readonly err: StoredText | null } {
    return this.#files.outputOf(task);
  }

  removeFiles(): void {
    this.#files.remove();
  }

  #flush(): void {
    const lines = this.#outbox;
    this.#outbox = [];
    if (lines.length > 0 && this.#socket.writable) this.#socket.write(`${lines.join('\n')}\n`);
  }

  /** A worker that says what no worker says is not to be trusted with tasks: it is ended, and they end with it. */
  #read(line: string): FromWorker | undefined {
    try {
      return readAnswer(line);
    } catch (error) {
      log.warn(`Worker ${this.pid} is ended. ${String(error)}`);
      this.end('SIGKILL');
      return undefined;
    }
  }

  #listen(answers: Duplex, { message, exit }: WorkerEvents): void {
    answers.on('error', ignoreBrokenPipe);
    answers.setEncoding('utf8');
    answers.on(
      'data',
      lineSplitter((line) => {
        this.#isReady = true;
        this.#answers++;
        const answer = this.#read(line);
        if (answer !== undefined) message(this, answer);
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
      end({ exitCode, signal, ...(this.#isReady ? {} : { lastWords: this.#files.lastWords() }) });
    });
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
