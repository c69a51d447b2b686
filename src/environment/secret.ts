/**
 * A variable that travels by name only: its value is looked up where the task runs, and is never stored, shown or
 * counted in an identity. Made by `secret(name)`.
 */
export class Secret {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/**
 * The value of the environment variable `name` where the tasks run: of the process that starts the agent, else as the
 * set-up commands or the login shell set it.
 *
 * @example
 * new Environment({ ARCHIVE_TOKEN: secret('ARCHIVE_TOKEN') });
 */
export function secret(name: string): Secret {
  return new Secret(name);
}
