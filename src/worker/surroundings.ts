import { syncBuiltinESMExports } from 'node:module';

// What changes the environment by other ways than `process.env` (native code, say) is found after so long.
const TRUSTED_MS = 5;

/**
 * Working directory and environment variables of this process as they were at its start: a task that changed them
 * leaves nothing to the next one.
 */
export class Surroundings {
  readonly #cwd = process.cwd();
  readonly #env: Readonly<NodeJS.ProcessEnv> = { ...process.env };
  #variables: Readonly<Record<string, string>> = {};
  #isTouched = false;
  #lookedAt = 0;

  constructor() {
    process.env = watched(process.env, () => {
      this.#isTouched = true;
    });
    syncBuiltinESMExports();
  }

  /** Puts all back, and sets the variables of one task. To look at them all takes longer than a quick task. */
  prepare(variables: Readonly<Record<string, string>>): void {
    if (process.cwd() !== this.#cwd) process.chdir(this.#cwd);
    const isTrusted = !this.#isTouched && performance.now() - this.#lookedAt < TRUSTED_MS;
    if (isTrusted && variables === this.#variables) return;
    const wanted: NodeJS.ProcessEnv = { ...this.#env, ...variables };
    const now = { ...process.env };
    for (const name of Object.keys(now)) if (wanted[name] === undefined) delete process.env[name];
    for (const [name, value] of Object.entries(wanted)) if (now[name] !== value) process.env[name] = value;
    this.#variables = variables;
    this.#isTouched = false;
    this.#lookedAt = performance.now();
  }
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
