import * as v from 'valibot';
import { isPlainObject, parseOptions } from '../util/index.ts';
import { parseVariables, type VariableInput, type Variables } from './variables.ts';

/** Variables and set-up commands as a user writes them. An `Environment` is one of these, too. */
export interface EnvironmentOptions {
  readonly data?: VariableInput | undefined;
  readonly command?: string | readonly string[] | undefined;
}

/** Variables and set-up commands, checked. */
export interface EnvironmentParts {
  readonly data: Variables;
  readonly command: readonly string[];
}

/** The schemas of the options, for those who take more. */
export const partSchemas = {
  data: v.optional(v.custom<VariableInput>(isPlainObject, 'an object of variables')),
  command: v.optional(v.union([v.string(), v.array(v.string())], 'a command or a list of commands')),
};

const schema = v.strictObject(partSchemas);

/** Checks variables and commands. Throws `OPTION_INVALID`. */
export function parseParts(options: EnvironmentOptions): EnvironmentParts {
  const { data = {}, command = [] } = parseOptions(schema, options, 'environ');
  return { data: parseVariables(data, ['data']), command: [command].flat() };
}

/** Variables replace those of the same name; commands come after those there are. */
export function addParts(base: EnvironmentParts, more: EnvironmentParts): EnvironmentParts {
  return {
    data: parseVariables({ ...base.data, ...more.data }),
    command: [...base.command, ...more.command],
  };
}
