import { PipeError } from '../errors.ts';
import { SecretValues } from '../util/index.ts';
import { shownTrail, type Trail } from './refusal.ts';
import { lazily } from './syntax.ts';

/** Values of the environment that must not be written into a queue. */
export class Secrets {
  readonly #values: () => SecretValues;

  constructor(environment: Readonly<Record<string, string | undefined>>) {
    this.#values = lazily(() => SecretValues.of(environment));
  }

  /** @throws `CAPTURE_SECRET` when a captured string holds one of them. */
  check(value: string, trail: () => Trail): void {
    const name = this.#values().nameIn(value);
    if (name === undefined) return;
    throw new PipeError(
      'CAPTURE_SECRET',
      `${shownTrail(trail())}: the value of the environment variable ${name} would be stored in the queue. Declare it, environ: { ${name}: secret('${name}') }, and read process.env.${name} inside the function.`,
    );
  }
}
