import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import { type Call, decodeWithFunctions } from '../app/index.ts';
import { currentTask, runInContext } from '../context/index.ts';
import {
  decodeStored,
  onTaskQueue,
  type QueueHost,
  type Recipe,
  type RunRequest,
  taskQueueHost,
  type ToWorker,
} from '../queue/index.ts';
import { Blobs } from '../store/index.ts';
import { isDiskFull } from '../util/index.ts';
import type { Channel } from './channel.ts';
import { Leftovers } from './leftovers.ts';
import { Lending } from './lending.ts';
import { LoneCommands } from './lone-commands.ts';
import { divertPrinting, dropLatePrinting, keepApart } from './overlap-streams.ts';
import { PeakMemory } from './peak-memory.ts';
import { Programs } from './programs.ts';
import { makeReport, type RunEnd, type RunRecord } from './report.ts';
import { type EndedCommand, runCommand } from './run-command.ts';
import type { Print, Running } from './running.ts';
import { Surroundings } from './surroundings.ts';
import { OwnContext } from './task-context.ts';
import { type TaskOutput, TaskStreams } from './task-streams.ts';
import { checkVersions } from './versions.ts';

interface RunnerOptions {
  readonly channel: Channel;
  /** Folder for the worker's own files. */
  readonly folder: string;
  readonly number: number;
  readonly slots: number;
  /** What the environment of all that is started here holds. */
  readonly mark: string;
}

// How long to wait before a result is written again.
const ROOM_MS = 1000;
// After a longer task other events have their turn before the next one: signals, and what it left behind.
const QUICK_SECONDS = 0.0005;

/** Runs what the agent sends. */
export class Runner {
  readonly #channel: Channel;
  readonly #slots: number;
  readonly #streams: TaskStreams;
  readonly #blobs: Blobs;
  readonly #lending: Lending;
  readonly #leftovers: Leftovers;
  readonly #peakMemory = new PeakMemory();
  readonly #surroundings = new Surroundings();
  readonly #commands = new LoneCommands(() => this.#surroundings.variables());
  readonly #programs: Programs;
  readonly #recipes = new Map<number, Recipe>();
  /** Sent, and not begun. */
  #ahead: RunRequest[] = [];
  /** Taken back by the agent, which is yet to hear that they were not begun. */
  readonly #takenBack: RunRequest[] = [];
  readonly #running = new Map<number, Running>();
  #isWaiting = false;
  #isHeeding = false;
  /** The queue, once a task has called an app. */
  #host: QueueHost | undefined;

  constructor({ channel, folder, number, slots, mark }: RunnerOptions) {
    this.#channel = channel;
    this.#slots = slots;
    this.#streams = new TaskStreams(folder, number, slots);
    onTaskQueue((host) => {
      this.#host = host;
      this.#lending.watch(host);
    });
    this.#blobs = new Blobs(join(dirname(dirname(folder)), 'blobs'));
    this.#programs = new Programs(this.#blobs, this.#submit);
    this.#lending = new Lending(channel);
    this.#leftovers = new Leftovers(mark);
    if (this.#overlaps) divertPrinting();
    else dropLatePrinting();
  }

  get #overlaps(): boolean {
    return this.#slots > 1;
  }

  receive(message: ToWorker): void {
    if (message.type === 'program') this.#programs.add(message);
    else if (message.type === 'recipe') this.#recipes.set(message.recipe, message);
    else if (message.type === 'run') {
      this.#ahead.push(message.run);
      this.#goOnSoon();
    } else if (message.type === 'abort') this.#running.get(message.task)?.own.abort(message.reason);
    else this.#lending.grant(message.task);
  }

  /**
   * An error that no task caught: that of the task it comes from, or of the only one. The worker cannot be trusted any
   * more; it ends without a word where it cannot be told whose it is, and the agent runs each task again alone.
   */
  failGuilty(error: unknown): void {
    const origin = currentTask();
    const running = [...this.#running.values()];
    const guilty =
      origin === undefined && running.length === 1 ? running[0] : running.find(({ own }) => own === origin);
    if (guilty === undefined) {
      // Left behind by a task that is over, where there is an origin.
      process.stderr.write(`${inspect(error)}\n`);
      if (origin === undefined && running.length > 0) process.exit(1);
      return;
    }
    this.#channel.send({ type: 'leaving' });
    guilty.finish({ outcome: 'fail', error });
    process.exit(1);
  }

  /** Calls of apps inside tasks add to the queue of the tasks. */
  readonly #submit = (call: Call): unknown => {
    const host = taskQueueHost();
    if (host === undefined) throw new Error('a worker without a queue');
    return host.submit(call);
  };

  /** Begins what there are slots for. */
  #goOn(): void {
    while (this.#running.size < this.#slots) {
      const run = this.#ahead.shift();
      if (run === undefined) break;
      this.#run(run).catch(endInError);
    }
    this.#decline(this.#takenBack.splice(0));
    if (this.#running.size === 0) this.#surroundings.rest();
  }

  /** At the next turn of the event loop. */
  #goOnNextTurn(): void {
    this.#goOnAfter(setImmediate);
  }

  /** With all orders that came together. */
  #goOnSoon(): void {
    this.#goOnAfter(queueMicrotask);
  }

  #goOnAfter(schedule: (act: () => void) => unknown): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    schedule(() => {
      this.#isWaiting = false;
      this.#streams.turn();
      this.#goOn();
    });
  }

  /** Leaves what was sent ahead to the agent. */
  #decline(runs: readonly RunRequest[]): void {
    if (runs.length > 0) this.#channel.send({ type: 'declined', orders: runs.map(({ order }) => order) });
  }

  async #run(run: RunRequest): Promise<void> {
    const recipe = this.#recipes.get(run.recipe);
    if (recipe === undefined) throw new Error(`recipe ${run.recipe} was not sent`);
    const endStreams = this.#streams.begin(run);
    if (endStreams === undefined) {
      this.#takenBack.push(run);
      return;
    }
    if (!this.#overlaps)
      this.#surroundings.prepare(run.env === undefined ? recipe.env : { ...recipe.env, ...run.env });
    const running = this.#begin(run, recipe, endStreams);
    this.#running.set(run.task, running);
    try {
      running.finish(await runInContext(running.own, () => this.#call(running)));
    } catch (error) {
      running.finish({ outcome: 'fail', error });
    }
  }

  #begin(run: RunRequest, recipe: Recipe, endStreams: () => TaskOutput): Running {
    const apart = this.#overlaps ? keepApart(run.task) : undefined;
    this.#peakMemory.begin();
    const started = Date.now();
    const begun = performance.now();
    const own = new OwnContext(run, recipe, this.#heedSignal);
    const finish = (end: RunEnd): void => {
      if (own.isOver) return;
      own.end();
      const seconds = (performance.now() - begun) / 1000;
      if (!this.#overlaps) this.#leftovers.endAfter(seconds);
      const output = apart?.end() ?? endStreams();
      const note = this.#programs.noteOf(recipe.program);
      const peakMemory = this.#peakOf(seconds);
      this.#report(end, { run, recipe, started, seconds, output, note, peakMemory });
    };
    return { run, recipe, own, print: apart?.add, finish };
  }

  /** A result is kept, and tried again, while there is no room for it on the disk. */
  #report(end: RunEnd, record: RunRecord): void {
    try {
      const done = makeReport(this.#flush(end), record, this.#blobs);
      this.#channel.send({ type: 'done', done });
      // Whether others of its kind are to begin is for the agent to say.
      if (done.outcome !== 'succeed') this.#decline(this.#ahead.splice(0));
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      setTimeout(() => this.#report(end, record), ROOM_MS);
      return;
    }
    this.#running.delete(record.run.task);
    this.#streams.end(record.run.task);
    if (this.#isHeeding) process.off('SIGTERM', this.#abortAll);
    this.#isHeeding = false;
    if (this.#running.size === 0) this.#streams.rest();
    if (record.seconds < QUICK_SECONDS) this.#goOn();
    else this.#goOnNextTurn();
  }

  /** Of tasks that overlap it cannot be told. */
  #peakOf(seconds: number): number | null {
    return this.#overlaps ? null : this.#peakMemory.end(seconds);
  }

  /** What a task called is in the queue before the task is finished, else a manager might end in between. */
  #flush(end: RunEnd): RunEnd {
    try {
      this.#host?.submitter.flushNow();
      return end;
    } catch (error) {
      if (isDiskFull(error)) throw error;
      return { outcome: 'fail', error };
    }
  }

  async #call(running: Running): Promise<RunEnd> {
    const { run, recipe } = running;
    const loaded = await this.#programs.get(recipe.program);
    const { fn, classes } = loaded.instance();
    running.own.knows(classes);
    const args = await decodeWithFunctions(
      (how) => decodeStored(run.args, (name) => this.#blobs.read(name), how) as unknown[],
      { submit: this.#submit, classes },
    );
    checkVersions(recipe, loaded);
    const value: unknown = await Reflect.apply(fn, undefined, args);
    if (recipe.kind !== 'bash') return { outcome: 'succeed', result: { value } };
    const { error, exitCode, signal, output } = await this.#command(value, running);
    if (error === undefined) return { outcome: 'succeed', exitCode, result: { value: output } };
    return { outcome: signal === null ? 'fail' : 'stop', error, exitCode, signal };
  }

  /** Runs what a bash app returned; `output` is all that the command wrote to its standard output. */
  async #command(
    returned: unknown,
    { run, recipe, own, print }: Running,
  ): Promise<EndedCommand & { readonly output: string }> {
    const { name } = recipe;
    const env = { ...recipe.env, ...run.env };
    if (print === undefined) {
      const written = this.#streams.mark();
      const ended = await runCommand(returned, { name, place: this.#commands });
      this.#leftovers.noteCommand(ended);
      this.#leftovers.endAfter(0);
      return { ...ended, output: written() };
    }
    // To ask for the signal is to take SIGTERM in hand: alone in its worker a command gets it with the whole group.
    const { signal } = own;
    const parts: string[] = [];
    const onOutput: Print = (stream, text) => {
      if (stream === 'out') parts.push(text);
      print(stream, text);
    };
    const ended = await runCommand(returned, { name, place: { signal, env, onOutput } });
    return { ...ended, output: parts.join('') };
  }

  /** A task that can finish by itself is told of SIGTERM instead of being ended by it. */
  readonly #heedSignal = (): void => {
    if (this.#overlaps || this.#isHeeding) return;
    this.#isHeeding = true;
    process.on('SIGTERM', this.#abortAll);
  };

  readonly #abortAll = (): void => {
    for (const { own } of this.#running.values()) own.abort('the task is to end');
  };
}

/** An error of this worker's own: the agent hears of its end, and would wait for ever for an answer. */
function endInError(error: unknown): void {
  process.stderr.write(`${inspect(error)}\n`);
  process.exit(1);
}
