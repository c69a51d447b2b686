import type { Call } from '../app/index.ts';
import {
  ensureApp,
  ensureAppName,
  ensureLane,
  ensureProgram,
  ensureTaskManager,
  programOfApp,
  type Store,
  type Transaction,
} from '../store/index.ts';
import { log } from '../util/index.ts';

export interface CallDefinition {
  readonly name: number;
  readonly app: number;
  readonly lane: number;
}

/**
 * Row ids of programs, apps, task managers and lanes, which are never taken out of a queue: looked up once.
 * Ids of a transaction that is rolled back must be forgotten.
 */
export class DefinitionIds {
  readonly #store: Store;
  #names = new Map<string, number>();
  #apps = new Map<string, number>();
  #lanes = new Map<string, number>();
  /** Most calls are of the app of the call before. */
  #last: { readonly call: Call; readonly definition: CallDefinition } | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  forget(): void {
    this.#names = new Map();
    this.#apps = new Map();
    this.#lanes = new Map();
    this.#last = undefined;
  }

  of(tx: Transaction, call: Call): CallDefinition {
    if (this.#last !== undefined && isAlike(this.#last.call, call)) return this.#last.definition;
    const name = this.nameOf(tx, call.app.name);
    const definition = { name, app: this.#appOf(tx, call, name), lane: this.#laneOf(tx, call) };
    this.#last = { call, definition };
    return definition;
  }

  nameOf(tx: Transaction, name: string): number {
    return remember(this.#names, name, () => ensureAppName(tx, name));
  }

  #appOf(tx: Transaction, { app, identity, program }: Call, name: number): number {
    return remember(this.#apps, `${name} ${identity} ${program.identity}`, () => {
      const versions = Object.fromEntries(
        program.packages.map((found) => [found.name, found.version ?? null]),
      );
      const before = programOfApp(tx, { name, identity });
      if (before !== undefined) warnOfVersions(app.name, JSON.parse(before.versions), versions);
      const row = ensureProgram(tx, {
        identity: program.identity,
        text: program.text,
        blob: this.#store.blobs.write(program.blobs),
        source: program.source,
        parameters: JSON.stringify(program.parameters),
        file: program.file ?? null,
        line: program.line ?? null,
        versions: JSON.stringify(versions),
      });
      return ensureApp(tx, { name, kind: app.kind, identity, program: row });
    });
  }

  #laneOf(tx: Transaction, { app, cwd, options, priority }: Call): number {
    const text = JSON.stringify(options);
    return remember(this.#lanes, `${app.taskManager.key} ${priority} ${text} ${cwd}`, () => {
      const { key, environ, scheduler, provider } = app.taskManager;
      const manager = ensureTaskManager(tx, { key, environ, scheduler, provider });
      return ensureLane(tx, { task_manager: manager, cwd, options: text, priority });
    });
  }
}

function isAlike(a: Call, b: Call): boolean {
  const isSameCode = a.app === b.app && a.program === b.program && a.identity === b.identity;
  return isSameCode && a.options === b.options && a.priority === b.priority && a.cwd === b.cwd;
}

function remember(cache: Map<string, number>, key: string, find: () => number): number {
  let id = cache.get(key);
  if (id === undefined) {
    id = find();
    cache.set(key, id);
  }
  return id;
}

type Versions = Readonly<Record<string, string | null>>;

/** Results made with another version of a package are reused, since versions do not count unless asked to; said aloud. */
function warnOfVersions(appName: string, before: Versions, now: Versions): void {
  const changed = Object.keys(now).filter((name) => name in before && before[name] !== now[name]);
  if (changed.length === 0) return;
  const list = changed.map((name) => `${name} ${before[name]} → ${now[name]}`).join(', ');
  log.warn(
    `Results of ${appName} may be reused that were made with other versions: ${list}. ` +
      'To compute them again, count versions: identity: { versions: [name] }.',
  );
}
