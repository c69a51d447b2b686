import { PipeError } from '../errors.ts';
import { isSecretName } from '../util/index.ts';
import { shownTrail, type Trail } from './refusal.ts';
import { lazily } from './syntax.ts';

const SHORTEST = 8;

/** Values of the environment that must not be written into a queue, with the names of their variables. */
export class Secrets {
  readonly #names: () => ReadonlyMap<string, string>;

  constructor(environment: Readonly<Record<string, string | undefined>>) {
    this.#names = lazily(
      () =>
        new Map(
          Object.entries(environment).flatMap(([name, value]) =>
            value !== undefined && value.length >= SHORTEST && isSecretName(name)
              ? [[value, name] as const]
              : [],
          ),
        ),
    );
  }

  /** @throws `CAPTURE_SECRET` when a captured string is one of them. */
  check(value: string, trail: () => Trail): void {
    const name = value.length < SHORTEST ? undefined : this.#names().get(value);
    if (name === undefined) return;
    throw new PipeError(
      'CAPTURE_SECRET',
      `${shownTrail(trail())}: the value of the environment variable ${name} would be stored in the queue. Read process.env.${name} inside the function.`,
    );
  }
}
