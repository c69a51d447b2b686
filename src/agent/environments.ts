import type { Environment, VariableValues } from '../environment/index.ts';

type Outcome = { readonly values: VariableValues } | { readonly error: unknown };

/** The variables of each task manager's tasks: its set-up commands run once here. */
export class Environments {
  readonly #outcomes = new Map<number, Outcome>();
  readonly #pending = new Set<number>();
  readonly #onReady: () => void;

  constructor(onReady: () => void) {
    this.#onReady = onReady;
  }

  /** The variables, or why there are none; undefined while the commands run. */
  of(taskManager: number, environ: Environment, cwd: string): Outcome | undefined {
    const known = this.#outcomes.get(taskManager);
    if (known !== undefined || this.#pending.has(taskManager)) return known;
    const now = resolveNow(environ);
    if (now === undefined) {
      this.#pending.add(taskManager);
      void this.#resolve(taskManager, environ, cwd);
    } else this.#outcomes.set(taskManager, now);
    return now;
  }

  async #resolve(taskManager: number, environ: Environment, cwd: string): Promise<void> {
    try {
      this.#outcomes.set(taskManager, { values: await environ.resolve(process.env, cwd) });
    } catch (error) {
      this.#outcomes.set(taskManager, { error });
    }
    this.#pending.delete(taskManager);
    this.#onReady();
  }
}

/** Undefined where there are commands to run. */
function resolveNow(environ: Environment): Outcome | undefined {
  try {
    const values = environ.resolveNow(process.env);
    return values && { values };
  } catch (error) {
    return { error };
  }
}
