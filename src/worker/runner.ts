import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import {
  decodeWithFunctions,
  encodeWithFutures,
  loadFunction,
  type Call,
  type LoadedFunction,
} from '../app/index.ts';
import { mapStack } from '../capture/index.ts';
import { currentTask, runInContext } from '../context/index.ts';
import { PipeError } from '../errors.ts';
import {
  decodeStored,
  Future,
  type RunReport,
  type RunRequest,
  taskQueueHost,
  type ToWorker,
} from '../queue/index.ts';
import { encodeValue } from '../serialization/index.ts';
import { Blobs, type StoredText } from '../store/index.ts';
import type { Channel } from './channel.ts';
import { beginBuffers, divertPrinting } from './overlap-streams.ts';
import { runCommand } from './run-command.ts';
import { type OwnContext, taskContext } from './task-context.ts';
import { type TaskOutput, TaskStreams } from './task-streams.ts';

interface RunnerOptions {
  readonly channel: Channel;
  /** Path of the queue file. */
  readonly queue: string;
  readonly folder: string;
  readonly number: number;
  readonly slots: number;
}

/** A task under way in this worker. */
interface Running {
  readonly run: RunRequest;
  readonly own: OwnContext;
  readonly finish: (end: RunEnd) => void;
}

interface RunEnd {
  readonly outcome: RunReport['outcome'];
  readonly error?: unknown;
  readonly exitCode?: number | null;
  readonly signal?: string | null;
  readonly result?: { readonly value: unknown };
}

/** The largest result that is kept, as text or binary parts. */
const LARGEST_RESULT = 256 * 1024 * 1024;

/** Runs what the agent sends. */
export class Runner {
  readonly #options: RunnerOptions;
  readonly #streams: TaskStreams;
  readonly #blobs: Blobs;
  readonly #programs = new Map<number, Promise<LoadedFunction>>();
  readonly #running = new Map<number, Running>();
  readonly #granted = new Map<number, () => void>();
  /** Calls of apps inside tasks add to the queue of the tasks. */
  readonly #submit = (call: Call): unknown => {
    const host = taskQueueHost();
    if (host === undefined) throw new Error('a worker without a queue');
    this.#lendWhileWaiting();
    return host.submit(call);
  };

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#streams = new TaskStreams(options.folder, options.number, options.slots);
    this.#blobs = new Blobs(join(dirname(dirname(options.folder)), 'blobs'));
    if (options.slots > 1) divertPrinting();
  }

  receive(message: ToWorker): void {
    if (message.type === 'program') {
      const { program, text, blob } = message;
      this.#programs.set(program, loadFunction({ text, blobs: this.#blobs.read(blob) }, this.#submit));
      // Its failure is that of the tasks that need it.
      this.#programs.get(program)?.catch(() => undefined);
    } else if (message.type === 'run') void this.#run(message.run);
    else if (message.type === 'abort') this.#running.get(message.task)?.own.abort(message.reason);
    else this.#granted.get(message.task)?.();
  }

  /** An error that no task caught: without overlap it is the running task's. The worker cannot be trusted any more. */
  failAll(error: unknown): void {
    const running = [...this.#running.values()];
    if (running.length === 0) {
      process.stderr.write(`${inspect(error)}\n`);
      return;
    }
    for (const { finish } of running) finish({ outcome: 'fail', error });
    this.#options.channel.exitWhenSent(1);
  }

  async #run(run: RunRequest): Promise<void> {
    const { slots, channel } = this.#options;
    const overlaps = slots > 1;
    const endStreams = this.#streams.begin(run.task, run.attempt);
    const buffers = overlaps ? beginBuffers(run.task) : undefined;
    const started = Date.now();
    const begun = performance.now();
    let isOver = false;
    const own = taskContext(run, () => overlaps || this.#heedSignal());
    const finish = (end: RunEnd): void => {
      if (isOver) return;
      isOver = true;
      const seconds = (performance.now() - begun) / 1000;
      const output = buffers?.end() ?? endStreams(run.kind === 'bash' && end.outcome === 'succeed');
      channel.send({ type: 'done', done: this.#report(run, end, { started, seconds, output }) });
      this.#running.delete(run.task);
      if (this.#running.size === 0) this.#streams.rest();
    };
    this.#running.set(run.task, { run, own, finish });
    if (!overlaps) Object.assign(process.env, run.env);
    try {
      finish(await runInContext(own.context, () => this.#call(run, own, buffers?.add)));
    } catch (error) {
      finish({ outcome: 'fail', error });
    }
  }

  async #call(
    run: RunRequest,
    own: OwnContext,
    onOutput: Parameters<typeof runCommand>[1]['onOutput'],
  ): Promise<RunEnd> {
    const loaded = await this.#programs.get(run.program);
    if (loaded === undefined) throw new Error(`program ${run.program} was not sent`);
    const args = await decodeWithFunctions(
      (revive) => decodeStored(run.args, (name) => this.#blobs.read(name), revive) as unknown[],
      this.#submit,
    );
    const value: unknown = await Reflect.apply(loaded.instantiate(), undefined, args);
    if (run.kind !== 'bash') return { outcome: 'succeed', result: { value } };
    this.#heedSignal();
    const { error, exitCode, signal } = await runCommand(value, {
      name: run.name,
      signal: own.context.signal,
      onOutput,
    });
    if (error === undefined) return { outcome: 'succeed', exitCode };
    return { outcome: signal === null ? 'fail' : 'stop', error, exitCode, signal };
  }

  /** A task that can finish by itself is told of SIGTERM instead of being ended by it. */
  #heedSignal(): void {
    if (process.listenerCount('SIGTERM') > 0) return;
    process.on('SIGTERM', () => {
      for (const { own } of this.#running.values()) own.abort('the task is to end');
      if (this.#running.size === 0) process.exit(0);
    });
  }

  /** While a task awaits a Future its slot is another's; it goes on when the agent gives it one again. */
  #lendWhileWaiting(): void {
    const host = taskQueueHost();
    if (host === undefined || host.whileWaiting !== undefined) return;
    const { channel } = this.#options;
    const waits = new Map<number, number>();
    host.whileWaiting = () => {
      const task = currentTask()?.row;
      if (task === undefined) return async () => undefined;
      const before = waits.get(task) ?? 0;
      waits.set(task, before + 1);
      if (before === 0) channel.send({ type: 'waiting', task });
      return async () => {
        const left = (waits.get(task) ?? 1) - 1;
        waits.set(task, left);
        if (left > 0) return;
        const granted = Promise.withResolvers<void>();
        this.#granted.set(task, granted.resolve);
        channel.send({ type: 'resume', task });
        await granted.promise;
      };
    };
  }

  #report(
    run: RunRequest,
    end: RunEnd,
    { started, seconds, output }: { started: number; seconds: number; output: TaskOutput },
  ): RunReport {
    const base = {
      task: run.task,
      attempt: run.attempt,
      started,
      seconds,
      exitCode: end.exitCode ?? null,
      signal: end.signal ?? null,
      returned: [],
    };
    const failed = (error: unknown, outcome: RunReport['outcome']): RunReport => ({
      ...base,
      ...output,
      outcome,
      error: encodeError(error),
      result: null,
    });
    if (end.outcome !== 'succeed') return failed(end.error, end.outcome);
    try {
      // The standard output of a bash app is its result, exactly.
      const isBash = run.kind === 'bash';
      const value = isBash ? (output.out?.text ?? '') : end.result?.value;
      const { result, returned } = this.#encodeResult(value, run.name);
      return {
        ...base,
        outcome: 'succeed',
        error: null,
        result,
        returned,
        out: isBash ? null : output.out,
        err: output.err,
      };
    } catch (error) {
      return failed(error, 'fail');
    }
  }

  #encodeResult(value: unknown, name: string): { result: StoredText; returned: number[] } {
    const encoded = encodeWithFutures(value, { trail: `${name} → result` });
    const bytes = encoded.text.length + encoded.blobs.reduce((sum, blob) => sum + blob.byteLength, 0);
    if (bytes > LARGEST_RESULT) {
      throw new PipeError(
        'RESULT_TOO_LARGE',
        `The result of ${name} takes ${Math.round(bytes / 2 ** 20)} MiB, 256 MiB are kept. Write a file and return its path.`,
      );
    }
    taskQueueHost()?.submitter.flushNow();
    const returned = encoded.futures.map(({ future }) => Future.rowOf(future as Future));
    return { result: { text: encoded.text, blob: this.#blobs.write(encoded.blobs) }, returned };
  }
}

/** What was thrown, as it travels: with the user's own lines in the stack; as plain text where it cannot. */
function encodeError(thrown: unknown): string {
  const error =
    thrown instanceof Error ? thrown : new Error(`it threw ${inspect(thrown)}, which is no Error`);
  if (error.stack !== undefined) error.stack = mapStack(error.stack);
  try {
    return encodeValue(error).text;
  } catch {
    const { name, message, stack } = error;
    return encodeValue(Object.assign(new Error(message), { name, stack })).text;
  }
}
