import {
  commandError,
  commandOf,
  createApp,
  decodeWithFunctions,
  loadFunction,
  parseAppOptions,
  type UntypedApp,
} from '../app/index.ts';
import type { Program } from '../capture/index.ts';
import { PipeError } from '../errors.ts';
import { stateName, type TaskStateName } from '../model/index.ts';
import {
  allRequirements,
  AttemptAccount,
  type AttemptRow,
  attemptsOf,
  type LaneRow,
  processRow,
  programRow,
  selectTasks,
  type TaskRow,
} from '../store/index.ts';
import type { TaskHost } from './task-host.ts';
import { readOutput } from './task-output.ts';
import { readArguments, readResult } from './task-values.ts';
import { attemptCause, taskId } from './why-failed.ts';

/** One run of a task. */
export interface Attempt {
  readonly number: number;
  readonly state: TaskStateName;
  /** How it counts: `counted` against retries, `late`, `lost` to infrastructure, `forgiven` by a retry. */
  readonly account: 'counted' | 'late' | 'lost' | 'forgiven';
  readonly host: string | null;
  readonly jobid: string | null;
  /** Process id of the worker. */
  readonly worker: number | null;
  /** When it began. */
  readonly t0: Date | null;
  /** Seconds it took, by a clock that does not jump. */
  readonly dtime: number | null;
  readonly errno: number | null;
  readonly signal: string | null;
  readonly error: unknown;
}

/** What to change in a copy of a task. */
export interface TaskChanges {
  /** Arguments by parameter name; those not named stay. */
  readonly kwargs?: Readonly<Record<string, unknown>>;
}

/** One call, as the queue holds it now. Properties are read from the file when they are asked for. */
export class Task {
  readonly #host: TaskHost;
  readonly #row: TaskRow;
  readonly #changes: TaskChanges;

  /** Tasks come from `queue.tasks()` and `future.task()`; users do not make them. */
  constructor(host: TaskHost, row: TaskRow, changes: TaskChanges = {}) {
    this.#host = host;
    this.#row = row;
    this.#changes = changes;
  }

  /** 16 hex digits. */
  get id(): string {
    return taskId(this.#row.identity);
  }

  /** Name of the app. */
  get name(): string {
    return this.#row.name;
  }

  /** Number of the call among those of its app in this queue, from 0. */
  get index(): number {
    return this.#row.number;
  }

  get state(): TaskStateName {
    return stateName(this.#current.state);
  }

  /** Row id in the queue's file, in the order of adding. */
  get row(): number {
    return this.#row.id;
  }

  /** Id of the task manager. */
  get mid(): string {
    return this.#row.task_manager;
  }

  /** The app as it was captured: `code` is its source; calling it adds a task with that code. */
  get app(): UntypedApp {
    return storedApp(this.#host, this.#row, this.#program);
  }

  /** Arguments by position, Futures replaced by their results. Throws where a Future has none yet. */
  get args(): readonly unknown[] {
    const args = readArguments(this.#host.store, this.#row);
    return applyChanges(args, this.#parameters, this.#changes);
  }

  /** The same arguments by parameter name. */
  get kwargs(): Readonly<Record<string, unknown>> {
    return byName(this.args, this.#parameters);
  }

  /** Ids of the tasks it requires. */
  get requireIds(): readonly string[] {
    const { store } = this.#host;
    return store.read((db) => {
      const rows = allRequirements(db, this.row).map(({ requirement }) => requirement);
      return selectTasks(db, { rows }).map(({ identity }) => taskId(identity));
    });
  }

  /** Every attempt that ended, the oldest first. */
  get attempts(): readonly Attempt[] {
    return this.#host.store.read((db) => attemptsOf(db, this.row)).map(attemptView);
  }

  /** Job of the agent that runs it, or that ran the newest attempt. */
  get jobid(): string | null {
    const { agent } = this.#current;
    if (agent === null) return this.#last?.job ?? null;
    return this.#host.store.read((db) => processRow(db, agent))?.job ?? null;
  }

  /** Exit code of the newest attempt; null where there is none. */
  get errno(): number | null {
    return this.#last?.exit_code ?? null;
  }

  /** Standard output of the newest attempt. */
  get out(): string {
    return readOutput(this.#host.store, this.row, 1);
  }

  /** Standard error of the newest attempt, then the error it ended with. */
  get err(): string {
    const error = this.#last === undefined ? undefined : attemptCause(this.#last);
    const text = readOutput(this.#host.store, this.row, 2);
    if (error === undefined) return text;
    const shown = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return text === '' || text.endsWith('\n') ? `${text}${shown}` : `${text}\n${shown}`;
  }

  /** Versions of Node, tspipe and packages that the newest attempt ran with. */
  get versions(): Readonly<Record<string, string | null>> {
    const last = this.#last;
    const code = this.#host.store.read((db) => programRow(db, last?.program ?? this.#row.program));
    return { ...JSON.parse(code?.versions ?? '{}'), ...JSON.parse(last?.versions ?? '{}') } as Record<
      string,
      string | null
    >;
  }

  /** The result; undefined unless SUCCEEDED. */
  get result(): unknown {
    return this.state === 'SUCCEEDED' ? readResult(this.#host.store, this.row) : undefined;
  }

  /** When the newest attempt began. */
  get t0(): Date | null {
    return this.attempts.at(-1)?.t0 ?? null;
  }

  /** Seconds the newest attempt took. */
  get dtime(): number | null {
    return this.#last?.seconds ?? null;
  }

  /**
   * Runs the task here and now with its real arguments, or with others by name, and writes nothing to the queue: the
   * way to debug. Resolves to what its function returns (for a bash app to the standard output).
   */
  async run(overrides: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const fn = (await loadFunction(this.#program, refuseCalls)).instantiate();
    const stored = await decodeWithFunctions(
      (revive) => readArguments(this.#host.store, this.#row, revive),
      refuseCalls,
    );
    const kwargs = { ...this.#changes.kwargs, ...overrides };
    const args = applyChanges(stored, this.#parameters, { kwargs });
    const returned: unknown = await Reflect.apply(fn, undefined, [...args]);
    return this.#row.kind === 'bash' ? await runCommand(returned, this.name) : returned;
  }

  /** A copy, to be changed and added: `queue.add(task.clone({ kwargs: { n: 3 } }), { replace: true })`. */
  clone(changes: TaskChanges = {}): Task {
    return new Task(this.#host, this.#row, { kwargs: { ...this.#changes.kwargs, ...changes.kwargs } });
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `Task ${this.name}[${this.index}] ${this.id} ${this.state}`;
  }

  get #current(): TaskRow {
    return this.#host.store.read((db) => selectTasks(db, { rows: [this.row] }))[0] ?? this.#row;
  }

  get #last(): AttemptRow | undefined {
    return this.#host.store.read((db) => attemptsOf(db, this.row)).at(-1);
  }

  get #parameters(): readonly string[] {
    return this.#program.parameters;
  }

  get #program(): Program {
    return storedProgram(this.#host, this.#row.program);
  }
}

function attemptView(row: AttemptRow): Attempt {
  const accounts = {
    [AttemptAccount.COUNTED]: 'counted',
    [AttemptAccount.LATE]: 'late',
    [AttemptAccount.LOST]: 'lost',
    [AttemptAccount.FORGIVEN]: 'forgiven',
  } as const;
  return {
    number: row.number,
    state: stateName(row.state),
    account: accounts[row.account],
    host: row.host,
    jobid: row.job,
    worker: row.worker,
    t0: row.started === null ? null : new Date(row.started),
    dtime: row.seconds,
    errno: row.exit_code,
    signal: row.signal,
    error: attemptCause(row),
  };
}

function storedProgram(host: TaskHost, id: number): Program {
  const row = host.store.read((db) => programRow(db, id));
  if (row === undefined)
    throw new PipeError('TASK_NOT_FOUND', 'The code of the task is gone from the queue.');
  return {
    identity: row.identity,
    text: row.text,
    blobs: host.store.blobs.read(row.blob),
    source: row.source,
    parameters: JSON.parse(row.parameters) as string[],
    file: row.file ?? undefined,
    line: row.line ?? undefined,
    packages: [],
    captures: [],
    bytes: row.text.length,
  };
}

/** An app from the file: the same code and task manager as the task has. */
function storedApp(host: TaskHost, row: TaskRow, program: Program): UntypedApp {
  const { lane, manager } = host.store.read((db) => ({
    lane: db.get<LaneRow>('SELECT * FROM lane WHERE id = ?', row.lane),
    manager: db.get<{ key: string; environ: string; scheduler: string; provider: string }>(
      'SELECT * FROM task_manager WHERE key = ?',
      row.task_manager,
    ),
  }));
  const { memoryBytes, timeoutSeconds, cores, ...rest } = JSON.parse(lane?.options ?? '{}') as {
    memoryBytes: number;
    timeoutSeconds: number | null;
    cores: number;
    retries: number;
    gpus: number;
  };
  return createApp({
    name: row.name,
    kind: row.kind === 'bash' ? 'bash' : 'ts',
    fn: (async (...args: unknown[]) =>
      Reflect.apply((await loadFunction(program, refuseCalls)).instantiate(), undefined, args)) as never,
    receiver: undefined,
    options: parseAppOptions({
      ...rest,
      ...(memoryBytes > 0 ? { memory: memoryBytes } : {}),
      ...(timeoutSeconds === null ? {} : { timeoutSeconds }),
      ...(cores > 0 ? { cores } : {}),
      priority: lane?.priority ?? 0,
    }),
    taskManager: {
      key: manager?.key ?? '',
      environ: manager?.environ ?? '{}',
      scheduler: manager?.scheduler ?? '{}',
      provider: manager?.provider ?? '{}',
      environIdentity: host.environIdentity(manager?.environ ?? '{}'),
    },
    program: () => program,
    verifyUnchanged: () => undefined,
    submit: (call) => host.submit(call),
    whyImpossible: () => undefined,
  });
}

function byName(args: readonly unknown[], parameters: readonly string[]): Record<string, unknown> {
  const entries = parameters.map((name, position): [string, unknown] =>
    name.startsWith('...') ? [name.slice(3), args.slice(position)] : [name, args[position]],
  );
  const named = entries.filter(([, value], position) => value !== undefined || position < args.length);
  return Object.fromEntries(named);
}

function applyChanges(
  args: readonly unknown[],
  parameters: readonly string[],
  { kwargs = {} }: TaskChanges,
): readonly unknown[] {
  const changed = [...args];
  for (const [name, value] of Object.entries(kwargs)) {
    const position = parameters.findIndex((parameter) => parameter === name || parameter === `...${name}`);
    if (position < 0) {
      throw new PipeError(
        'ARGUMENT_INVALID',
        `There is no parameter "${name}". The parameters are: ${parameters.join(', ') || 'none'}.`,
      );
    }
    if (parameters[position]?.startsWith('...') && Array.isArray(value))
      changed.splice(position, Infinity, ...value);
    else changed[position] = value;
  }
  return changed;
}

function refuseCalls(): never {
  throw new PipeError(
    'ARGUMENT_INVALID',
    'task.run() writes nothing to the queue, and this function calls an app. Run the queue instead: spawn(queue).',
  );
}

async function runCommand(returned: unknown, name: string): Promise<string> {
  const { file, args } = commandOf(returned, name);
  // Loaded when needed: it takes longer to load than all the rest.
  const { execa } = await import('execa');
  const done = await execa(file, [...args], {
    reject: false,
    stripFinalNewline: false,
    stdin: 'ignore',
    stderr: 'inherit',
  });
  if (done.exitCode === undefined && done.signal === undefined && done.cause !== undefined) throw done.cause;
  const error = commandError({ exitCode: done.exitCode ?? null, signal: done.signal ?? null }, name);
  if (error !== undefined) throw error;
  return done.stdout;
}

/** The call that adds a changed copy of a task. */
export function callAgain(task: Task): unknown {
  return task.app(...task.args);
}
