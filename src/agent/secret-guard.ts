import type { Environment } from '../environment/index.ts';
import { PipeError } from '../errors.ts';
import type { RunReport } from '../queue/index.ts';
import { encodeValue } from '../serialization/index.ts';
import type { EndedAttempt, StoredText } from '../store/index.ts';
import { SecretValues } from '../util/index.ts';
import type { Workload } from './assignment.ts';

/** Keeps the values of secrets out of what this agent writes into the queue. */
export class SecretGuard {
  readonly #values = SecretValues.of(process.env);

  /** The variables of an environment as tasks have them here. */
  learn(environ: Environment, variables: Readonly<Record<string, string>>): void {
    this.#values.add(variables, new Set(Object.keys(environ.toJSON().secrets)));
  }

  /**
   * A report without secrets. What a command printed is output and masked, also where it is the result; a value with
   * asterisks in it would be a wrong one, so that a function that returns a secret fails.
   */
  checked(done: RunReport, { kind, name }: Workload): RunReport {
    const text = done.result?.text ?? '';
    const secret = this.#values.nameIn(text);
    if (secret === undefined) return done;
    if (kind === 'bash') return { ...done, result: this.#masked(done.result) };
    const error = new PipeError(
      'SECRET_REFUSED',
      `The result of ${name} holds the value of the secret ${secret}, which would be stored in the queue. Return what was done with it.`,
    );
    delete error.stack;
    const failure = { error: encodeValue(error).text, errorNames: ['PipeError', 'SECRET_REFUSED'] };
    return { ...done, ...failure, outcome: 'fail', result: null, returned: [] };
  }

  /** What is to be recorded of an attempt, with secrets masked. */
  masked(attempt: EndedAttempt): EndedAttempt {
    const { out, err, error, note } = attempt;
    if (out === null && err === null && error === null && note === null) return attempt;
    return {
      ...attempt,
      out: this.#masked(out),
      err: this.#masked(err),
      error: error === null ? null : this.#values.mask(error),
      note: note === null ? null : this.#values.mask(note),
    };
  }

  #masked(stored: StoredText | null): StoredText | null {
    if (stored === null || stored.text === null) return stored;
    const text = this.#values.mask(stored.text);
    return text === stored.text ? stored : { ...stored, text };
  }
}
