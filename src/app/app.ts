import { hash } from 'node:crypto';
import { type AnyFunction, type Captured, type Program, programContents } from '../capture/index.ts';
import { currentTask } from '../context/index.ts';
import { PipeError } from '../errors.ts';
import { basePath, packageVersion } from '../provenance/index.ts';
import { APP, type AppFacts, type AppKind, isMarkedApp } from './app-mark.ts';
import { type EncodedArguments, encodeArguments } from './arguments.ts';
import { checkDeclaredTypes, type DeclaredTypes } from './declared-types.ts';
import {
  type AppOptions,
  type CallOptions,
  type LaneOptions,
  laneOptions,
  parseCallOptions,
  type Reuse,
  reuseOf,
} from './options.ts';
import { type FutureReference, isFuture } from './reference.ts';

type Versions = LaneOptions['versions'];

/** Everything a queue must know to add the task of a call. */
export interface Call {
  readonly app: AppDefinition;
  readonly program: Program;
  readonly args: EncodedArguments;
  readonly after: readonly FutureReference[];
  readonly options: LaneOptions;
  readonly priority: number;
  readonly identity: string;
  readonly key: string | undefined;
  readonly reuse: Reuse | undefined;
  readonly retryFailed: boolean;
  readonly cwd: string;
  /** Row id of the task that calls, where one does. */
  readonly parent: number | undefined;
}

export interface AppDefinition extends AppFacts {
  /** Of an app from a queue: its identity as it was stored, and the versions that count for it. */
  readonly identity?: string;
  readonly versions?: Versions;
  /** What a compiler noted of its parameters, where one did. */
  readonly declaredTypes?: DeclaredTypes | undefined;
  /** Raises where captured data changed since the first call. */
  verifyUnchanged(): void;
  /** Adds the task of a call to a queue; returns its Future. */
  submit(call: Call): unknown;
  /** In words, why a call with these options could never run. */
  whyImpossible(options: LaneOptions): string | undefined;
}

/** An app without the types of its function: what `task.app` gives. */
export interface UntypedApp {
  (...args: unknown[]): unknown;
  readonly fn: AnyFunction;
  readonly appName: string;
  readonly kind: AppKind;
  /** The function as the user wrote it. */
  readonly code: string;
  /** What travels with the function, with sizes: its code first, then data, largest first, then what it imports. */
  captures(): readonly Captured[];
  with(options: CallOptions): (...args: unknown[]) => unknown;
  readonly [APP]: AppDefinition;
}

/** The callable made of a definition. */
export function createApp(definition: AppDefinition): UntypedApp {
  const app = caller(definition, {});
  Object.defineProperty(app, 'name', { value: definition.name });
  return Object.defineProperties(app, {
    fn: { value: definition.fn, enumerable: true },
    appName: { value: definition.name, enumerable: true },
    kind: { value: definition.kind, enumerable: true },
    code: { get: () => definition.program().source },
    captures: { value: () => programContents(definition.program().text) },
    with: { value: (options: CallOptions) => caller(definition, parseCallOptions(options)) },
    [APP]: { value: definition },
  }) as UntypedApp;
}

export function isApp(value: unknown): value is UntypedApp {
  return isMarkedApp(value);
}

/** What makes calls with these options; what does not depend on arguments is found out once. */
function caller(app: AppDefinition, overrides: CallOptions): (...args: unknown[]) => unknown {
  const { after, key, ...options } = overrides;
  const merged: AppOptions = { ...app.options, ...options };
  let lane: LaneOptions | undefined;
  let known: { readonly program: Program; readonly identity: string } | undefined;
  return (...args) => {
    if (merged.skip === true) return undefined;
    const program = app.program();
    lane ??= possibleLane(app, merged, countedVersions(app, program, merged));
    if (known?.program !== program) {
      known = { program, identity: appIdentity(app, merged, { program, versions: lane.versions }) };
    }
    if (app.declaredTypes !== undefined) {
      const { parameters } = program;
      checkDeclaredTypes(args, { name: app.name, parameters, types: app.declaredTypes });
    }
    return app.submit({
      app,
      program,
      args: encodeArguments(args, app.name),
      after: futureList(after, app.name),
      options: lane,
      priority: merged.priority ?? 0,
      identity: known.identity,
      key,
      reuse: reuseOf(merged.reuse, app.name),
      retryFailed: merged.retryFailed ?? true,
      cwd: process.cwd(),
      parent: currentTask()?.row,
    });
  };
}

/** The packages whose versions count for identity, as the file of the function finds them. */
function countedVersions(app: AppDefinition, program: Program, options: AppOptions): Versions {
  if (app.versions !== undefined) return app.versions;
  const names = options.identity?.versions ?? [];
  return Object.fromEntries(
    names.map((name) => [name, packageVersion(name, basePath(program.file)) ?? 'missing']),
  );
}

function possibleLane(app: AppDefinition, options: AppOptions, versions: Versions): LaneOptions {
  const lane = laneOptions(options, versions);
  const impossible = app.whyImpossible(lane);
  if (impossible === undefined) return lane;
  throw new PipeError('RESOURCES_IMPOSSIBLE', `${app.name} can never run: ${impossible}. Ask for less.`);
}

/** Code, kind, declared environment, and the versions that were asked to count. */
function appIdentity(
  app: AppDefinition,
  options: AppOptions,
  { program, versions }: { program: Program; versions: Versions },
): string {
  if (app.identity !== undefined) return app.identity;
  const environ = options.identity?.environ === false ? '' : app.taskManager.environIdentity;
  const code = options.version === undefined ? program.identity : `version ${options.version}`;
  return hash('sha256', JSON.stringify([app.kind, code, environ, Object.entries(versions)])).slice(0, 32);
}

function futureList(after: unknown, name: string): readonly FutureReference[] {
  if (after === undefined) return [];
  const list: readonly unknown[] = Array.isArray(after) ? after : [after];
  if (list.every(isFuture)) return list;
  throw new PipeError('ARGUMENT_INVALID', `${name}.with({ after }) takes a Future or a list of Futures.`);
}
