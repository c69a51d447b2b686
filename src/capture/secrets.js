import { PipeError } from '../errors.ts';
import { shownTrail } from './refusal.ts';
const SHORTEST = 8;
/** Values of the environment that must not be written into a queue, with the names of their variables. */
export class Secrets {
  #names;
  constructor(environment) {
    this.#names = new Map(
      Object.entries(environment).flatMap(([name, value]) =>
        value !== undefined && value.length >= SHORTEST && isSecretName(name) ? [[value, name]] : [],
      ),
    );
  }
  /** @throws `CAPTURE_SECRET` when a captured string is one of them. */
  check(value, trail) {
    const name = this.#names.get(value);
    if (name === undefined) return;
    throw new PipeError(
      'CAPTURE_SECRET',
      `${shownTrail(trail())}: the value of the environment variable ${name} would be stored in the queue. Read process.env.${name} inside the function.`,
    );
  }
}
function isSecretName(name) {
  return /(KEY|TOKEN|SECRET)$|PASS/i.test(name);
}
//# sourceMappingURL=secrets.js.map
