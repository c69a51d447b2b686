/**
 * Working directory and environment variables of this process as they were at its start: a task that changed them
 * leaves nothing to the next one.
 */
export class Surroundings {
  readonly #cwd = process.cwd();
  readonly #env: Readonly<NodeJS.ProcessEnv> = { ...process.env };

  /** Puts all back, and sets the variables of one task. */
  prepare(variables: Readonly<Record<string, string>>): void {
    if (process.cwd() !== this.#cwd) process.chdir(this.#cwd);
    const wanted: NodeJS.ProcessEnv = { ...this.#env, ...variables };
    const now = { ...process.env };
    for (const name of Object.keys(now)) if (wanted[name] === undefined) delete process.env[name];
    for (const [name, value] of Object.entries(wanted)) if (now[name] !== value) process.env[name] = value;
  }
}
