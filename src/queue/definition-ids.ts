import type { Call } from '../app/index.ts';
import {
  ensureApp,
  ensureAppName,
  ensureLane,
  ensureProgram,
  ensureTaskManager,
  type Store,
  type Transaction,
  versionsOfResult,
  storedObject,
} from '../store/index.ts';
import { log } from '../util/index.ts';
import { identityStart } from './call-identity.ts';

export interface CallDefinition {
  readonly name: number;
  readonly app: number;
  readonly lane: number;
  /** What the identities of its tasks begin with. */
  readonly identityStart: string;
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

  readonly #warned = new Set<string>();
  /** The versions of packages that results were made with, by the program that they were compared with. */
  readonly #compared = new WeakMap<Call['program'], Set<string>>();

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
    const [app, lane] = [this.#appOf(tx, call, name), this.#laneOf(tx, call)];
    const definition = { name, app, lane, identityStart: identityStart(call) };
    this.#last = { call, definition };
    return definition;
  }

  nameOf(tx: Transaction, name: string): number {
    return remember(this.#names, name, () => ensureAppName(tx, name));
  }

  #appOf(tx: Transaction, call: Call, name: number): number {
    const { app, identity, program } = call;
    return remember(this.#apps, `${name} ${identity} ${program.identity}`, () => {
      const row = ensureProgram(tx, {
        identity: program.identity,
        text: program.text,
        blob: this.#store.blobs.write(program.blobs),
        source: program.source,
        parameters: JSON.stringify(program.parameters),
        file: program.file ?? null,
        line: program.line ?? null,
        versions: JSON.stringify(versionsOf(call)),
      });
      return ensureApp(tx, { name, kind: app.kind, identity, program: row });
    });
  }

  /**
   * Says aloud, once for each change, that a result is reused which was made with other versions of packages: they do
   * not count unless asked to.
   */
  warnOfVersions(tx: Transaction, task: number, call: Call): void {
    if (call.program.packages.length === 0) return;
    const text = versionsOfResult(tx.db, task) ?? '{}';
    const compared = this.#compared.get(call.program) ?? new Set<string>();
    this.#compared.set(call.program, compared);
    if (compared.has(`${call.app.name} ${text}`)) return;
    compared.add(`${call.app.name} ${text}`);
    const before = storedObject<Versions>(text);
    const now = versionsOf(call);
    const changed = Object.keys(now).filter((name) => name in before && before[name] !== now[name]);
    const list = changed.map((name) => `${name} ${before[name]} → ${now[name]}`).join(', ');
    if (list === '' || this.#warned.has(`${call.app.name} ${list}`)) return;
    this.#warned.add(`${call.app.name} ${list}`);
    log.warn(
      `Results of ${call.app.name} are reused that were made with other versions: ${list}. ` +
        'To compute them again, count versions: identity: { versions: [name] }.',
    );
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

/** Whether what is kept beside two calls is the same. */
export function isAlike(a: Call, b: Call): boolean {
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

function versionsOf({ program }: Call): Versions {
  return Object.fromEntries(program.packages.map(({ name, version }) => [name, version ?? null]));
}
