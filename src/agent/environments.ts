import type { Environment, VariableValues } from '../environment/index.ts';
import type { SecretGuard } from './secret-guard.ts';

type Outcome = { readonly values: VariableValues } | { readonly error: unknown };

/** The variables of each task manager's tasks: its set-up commands run once here. */
export class Environments {
  readonly #outcomes = new Map<number, Outcome>();
  readonly #pending = new Set<number>();
  readonly #secrets: SecretGuard;
  readonly #onReady: () => void;

  constructor(secrets: SecretGuard, onReady: () => void) {
    this.#secrets = secrets;
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
    } else this.#know(taskManager, environ, now);
    return now;
  }

  async #resolve(taskManager: number, environ: Environment, cwd: string): Promise<void> {
    try {
      this.#know(taskManager, environ, { values: await environ.resolve(process.env, cwd) });
    } catch (error) {
      this.#know(taskManager, environ, { error });
    }
    this.#pending.delete(taskManager);
    this.#onReady();
  }

  #know(taskManager: number, environ: Environment, outcome: Outcome): void {
    if ('values' in outcome) this.#secrets.learn(environ, outcome.values);
    this.#outcomes.set(taskManager, outcome);
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
