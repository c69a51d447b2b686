import { syncBuiltinESMExports } from 'node:module';

// What changes the environment by other ways than `process.env` (native code, say) is found after so long, and where no
// task follows by then: that one need not wait for the look.
const TRUSTED_MS = 5;

type Variables = Readonly<NodeJS.ProcessEnv>;

/**
 * Working directory and environment variables of this process as they were at its start: a task that changed them
 * leaves nothing to the next one.
 */
export class Surroundings {
  readonly #cwd = process.cwd();
  readonly #env: Variables = { ...process.env };
  /** Those of the task, and all of the process with them. */
  #own: Variables = {};
  #prepared = this.#env;
  #seen = this.#env;
  #isTouched = false;
  #lookedAt = performance.now();
  /** Whether no task has begun since the last look. */
  #isFresh = false;
  #timer: NodeJS.Timeout | undefined;

  constructor() {
    process.env = watched(process.env, () => {
      this.#isTouched = true;
    });
    syncBuiltinESMExports();
  }

  /** Puts all back, and sets the variables of one task. */
  prepare(own: Readonly<Record<string, string>>): void {
    if (process.cwd() !== this.#cwd) process.chdir(this.#cwd);
    const now = this.variables();
    this.#isFresh = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (now === this.#prepared && own === this.#own) return;
    const wanted: Variables = { ...this.#env, ...own };
    for (const name of Object.keys(now)) if (wanted[name] === undefined) delete process.env[name];
    for (const [name, value] of Object.entries(wanted)) if (now[name] !== value) process.env[name] = value;
    this.#own = own;
    this.#prepared = wanted;
    this.#see(wanted);
  }

  /** All variables of this process; the same object while none has changed: to look takes longer than a quick task. */
  variables(): Variables {
    const isTrusted = this.#isFresh || performance.now() - this.#lookedAt < TRUSTED_MS;
    if (this.#isTouched || !isTrusted) {
      const now = { ...process.env };
      this.#see(isEqual(now, this.#seen) ? this.#seen : now);
    }
    return this.#seen;
  }

  /** Call when no task runs, and none is to begin now. */
  rest(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.variables();
      this.#isFresh = true;
    }, TRUSTED_MS).unref();
  }

  #see(variables: Variables): void {
    this.#seen = variables;
    this.#isTouched = false;
    this.#lookedAt = performance.now();
  }
}

function isEqual(a: Variables, b: Variables): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

function watched(env: NodeJS.ProcessEnv, touched: () => void): NodeJS.ProcessEnv {
  return new Proxy(env, {
    set: (target, name, value) => {
      touched();
      return Reflect.set(target, name, value);
    },
    defineProperty: (target, name, descriptor) => {
      touched();
      return Reflect.defineProperty(target, name, descriptor);
    },
    deleteProperty: (target, name) => {
      touched();
      return Reflect.deleteProperty(target, name);
    },
  });
}
