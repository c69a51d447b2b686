import * as v from 'valibot';
import { parseOptions } from '../util/index.ts';
import { type EnvironmentOptions, partSchemas } from './parts.ts';
import { type Secret, secret } from './secret.ts';
import { parseVariables } from './variables.ts';

/**
 * The options of an environment in a dictionary: `environ` (or `name`, as in configuration files), the registered one
 * to start from; `data`, `secrets` (names, or variable to name) and `command`. Beside these, names in capitals are
 * variables.
 */
export interface EnvironmentDictionary extends EnvironmentOptions {
  readonly environ?: string | undefined;
  readonly name?: string | undefined;
  readonly secrets?: readonly string[] | Readonly<Record<string, string>> | undefined;
}

const schema = v.strictObject({
  environ: v.optional(v.string('the name of an environment')),
  name: v.optional(v.string('the name of an environment')),
  secrets: v.optional(
    v.union([v.array(v.string()), v.record(v.string(), v.string())], 'a list of names of variables'),
  ),
  ...partSchemas,
});

/** Whether a dictionary holds options. If not, it is one of variables. */
export function isEnvironmentDictionary(value: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(schema.entries).some((key) => Object.hasOwn(value, key));
}

/** What a dictionary of options describes: additions to a registered environment. Throws `OPTION_INVALID`. */
export function readDictionary(
  value: Readonly<Record<string, unknown>>,
): EnvironmentOptions & { readonly name: string } {
  const isVariable = ([key]: readonly [string, unknown]) => /^[A-Z_][A-Z0-9_]*$/.test(key);
  const variables = Object.entries(value).filter(isVariable);
  const others = Object.entries(value).filter((entry) => !isVariable(entry));
  const options = parseOptions(schema, Object.fromEntries(others), 'environ');
  const { environ, name = environ ?? 'base', data, secrets, command } = options;
  const declared = parseVariables(Object.fromEntries(variables));
  return { name, data: { ...declared, ...data, ...readSecrets(secrets) }, command };
}

function readSecrets(
  secrets: readonly string[] | Readonly<Record<string, string>> = [],
): Readonly<Record<string, Secret>> {
  const names: Readonly<Record<string, string>> = Array.isArray(secrets)
    ? Object.fromEntries(secrets.map((name) => [name, name]))
    : secrets;
  return Object.fromEntries(Object.entries(names).map(([variable, name]) => [variable, secret(name)]));
}
