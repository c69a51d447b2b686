import { PipeError } from '../errors.ts';
import { isPlainObject, isSecretName, quoteShell, SECRET_NAMES, showValue } from '../util/index.ts';
import { type EnvironmentDictionary, isEnvironmentDictionary, readDictionary } from './dictionary.ts';
import { addParts, type EnvironmentOptions, type EnvironmentParts, parseParts } from './parts.ts';
import { registeredEnvironment } from './registry.ts';
import { Secret } from './secret.ts';
import { runSetUp } from './set-up.ts';
import type { SetUpChanges } from './set-up-changes.ts';
import { isThreadCountName, parseVariables, type VariableInput, type Variables } from './variables.ts';

/** An environment, the name of one, a dictionary of its options, or one of variables. */
export type EnvironmentChoice = Environment | string | EnvironmentDictionary | VariableInput;

/** Values of environment variables. */
export type VariableValues = Record<string, string>;

/** A plain description, in canonical order. `secrets` gives for a variable the name it is looked up by. */
export interface EnvironmentDescription {
  readonly data: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly command: readonly string[];
}

/**
 * The variables and set-up commands that tasks run with. It never changes; `clone` makes another.
 * Set-up commands are any bash (`source x.sh`, `module load y`, `export A=$(…)`) and run in a login shell.
 * Throws `OPTION_INVALID` for a bad name or value and `NAME_UNKNOWN` for a name nobody registered.
 *
 * @example
 * new Environment({ SURVEY: 'y3', MASK: true }, { command: 'module load gcc' });
 * new Environment('base', { data: { ARCHIVE_TOKEN: secret('ARCHIVE_TOKEN') } });
 */
export class Environment {
  readonly data: Variables;
  readonly command: readonly string[];

  /** Variables of `options` replace those of the first argument; its commands come after. */
  constructor(nameOrVariables: string | VariableInput = 'base', options: EnvironmentOptions = {}) {
    const base =
      typeof nameOrVariables === 'string'
        ? partsOf(registeredEnvironment(nameOrVariables))
        : { data: parseVariables(nameOrVariables), command: [] };
    const { data, command } = addParts(base, partsOf(options));
    this.data = Object.freeze(data);
    this.command = Object.freeze(command);
  }

  /**
   * The environment that an instance, a name or a dictionary stands for. A dictionary that holds one of `data`,
   * `command`, `environ`, `name` or `secrets` is one of options, any other one of variables.
   */
  static from(choice: EnvironmentChoice = 'base'): Environment {
    if (choice instanceof Environment) return choice;
    if (typeof choice === 'string') return new Environment(choice);
    if (!isPlainObject(choice)) {
      throw new PipeError(
        'OPTION_INVALID',
        `environ must be an Environment, the name of one, or a dictionary, not ${showValue(choice)}.`,
      );
    }
    if (!isEnvironmentDictionary(choice)) return new Environment(parseVariables(choice));
    const { name, ...parts } = readDictionary(choice);
    return new Environment(name, parts);
  }

  /** The declared value of a variable; undefined when there is none. */
  get(name: string): string | Secret | undefined {
    return this.has(name) ? this.data[name] : undefined;
  }

  /** Whether a variable is declared. */
  has(name: string): boolean {
    return Object.hasOwn(this.data, name);
  }

  /** The declared variables, by name. */
  entries(): readonly (readonly [string, string | Secret])[] {
    return Object.entries(this.data);
  }

  /** This environment with further variables, which replace those of the same name, and further commands. */
  clone(more: EnvironmentOptions = {}): Environment {
    return new Environment({}, addParts(this, partsOf(more)));
  }

  /**
   * The declared variables, without secrets. With `all`, also what the set-up commands make of them when run here
   * and now (then a promise).
   */
  toObject(options?: { readonly all?: false }): VariableValues;
  toObject(options: { readonly all: true }): Promise<VariableValues>;
  toObject({ all = false }: { readonly all?: boolean } = {}): VariableValues | Promise<VariableValues> {
    const declared = plainOnes(this.data);
    return all ? this.#declaredHere(declared) : declared;
  }

  /**
   * Shell text that makes this environment: the variables, then the set-up commands. A secret is taken from the
   * variable it is named for, and must be set there.
   */
  toScript(separator = '\n'): string {
    const exports = this.entries().map(([name, value]) =>
      value instanceof Secret
        ? `export ${name}="\${${value.name}?is a secret of the environment and not set}"`
        : `export ${name}=${quoteShell(value)}`,
    );
    return [...exports, ...this.command].join(separator);
  }

  /** A plain description that `Environment.from` takes; equal environments have equal ones. */
  toJSON(): EnvironmentDescription {
    const secrets = Object.fromEntries(this.#secrets().map(([name, secret]) => [name, secret.name]));
    return { data: plainOnes(this.data), secrets, command: this.command };
  }

  /** What counts in the identity of a task: variables and commands, without secrets and thread counts. */
  identity(): string {
    const { data, command } = this.toJSON();
    const counted = Object.entries(data).filter(([name]) => !isThreadCountName(name));
    return JSON.stringify({ data: counted, command });
  }

  /**
   * All variables of a task: those of `base` that are not named like a secret, the declared ones, and what the
   * set-up commands change (run once for each call, in `cwd`). A secret is the variable of that name in `base`, else
   * what the set-up commands or the login shell, in which they run, set it to.
   * Throws `SECRET_MISSING` for one that neither has, and `ENVIRONMENT_FAILED`.
   */
  async resolve(base: NodeJS.ProcessEnv, cwd: string = process.cwd()): Promise<VariableValues> {
    const here = this.resolveNow(base);
    if (here !== undefined) return here;
    const variables = this.#variablesOn(base);
    const changes = await this.#setUp(variables, cwd);
    return apply(changes, { ...variables, ...this.#secretsAfter(changes, variables) });
  }

  /** The same at once, where nothing is to be asked of a shell; else undefined. */
  resolveNow(base: NodeJS.ProcessEnv): VariableValues | undefined {
    if (this.command.length > 0) return undefined;
    const variables = this.#variablesOn(base);
    return this.#secrets().every(([name]) => Object.hasOwn(variables, name)) ? variables : undefined;
  }

  /** Secrets that are there already reach no file. */
  async #setUp(variables: VariableValues, cwd: string = process.cwd()): Promise<SetUpChanges> {
    const known = this.#secrets().filter(([name]) => Object.hasOwn(variables, name));
    const secrets = new Set(known.map(([name]) => name));
    return runSetUp({ commands: this.command, variables, secrets, cwd });
  }

  /** Throws `SECRET_MISSING`. */
  #secretsAfter({ after }: SetUpChanges, variables: VariableValues): VariableValues {
    const missing = this.#secrets().filter(([name]) => !Object.hasOwn(variables, name));
    return Object.fromEntries(missing.map(([name, secret]) => [name, foundIn(after, secret)]));
  }

  async #declaredHere(declared: VariableValues): Promise<VariableValues> {
    if (this.command.length === 0) return declared;
    return apply(await this.#setUp(this.#variablesOn(process.env)), declared);
  }

  #secrets(): (readonly [string, Secret])[] {
    return this.entries().flatMap(([name, value]) =>
      value instanceof Secret ? [[name, value] as const] : [],
    );
  }

  /** Without secrets that are not there. */
  #variablesOn(base: NodeJS.ProcessEnv): VariableValues {
    const variables: VariableValues = {};
    for (const [name, value] of Object.entries(base)) {
      // These reach tasks only where an environment declares them.
      if (value !== undefined && !isSecretName(name)) variables[name] = value;
    }
    for (const [name, value] of this.entries()) {
      const found = value instanceof Secret ? ownValue(base, value.name) : value;
      if (found !== undefined) variables[name] = found;
    }
    return this.#withSecretNames(variables);
  }

  /** Whoever has these variables knows which of them are secrets. */
  #withSecretNames(variables: VariableValues): VariableValues {
    const names = this.#secrets().flatMap(([name]) => (isSecretName(name) ? [] : [name]));
    if (names.length === 0) return variables;
    const known = variables[SECRET_NAMES];
    return { ...variables, [SECRET_NAMES]: [...(known === undefined ? [] : [known]), ...names].join() };
  }
}

function partsOf(options: EnvironmentOptions): EnvironmentParts {
  return options instanceof Environment ? options : parseParts(options);
}

/** A variable may be called `constructor`. */
function ownValue(variables: NodeJS.ProcessEnv, name: string): string | undefined {
  return Object.hasOwn(variables, name) ? variables[name] : undefined;
}

function foundIn(variables: VariableValues, { name }: Secret): string {
  const value = ownValue(variables, name);
  if (value !== undefined) return value;
  throw new PipeError(
    'SECRET_MISSING',
    `The secret ${name} of the environment is not set here. Set the variable ${name} where the tasks are started, or in the set-up commands or the profile of the login shell.`,
  );
}

function plainOnes(variables: Variables): VariableValues {
  const values: VariableValues = {};
  for (const [name, value] of Object.entries(variables)) if (typeof value === 'string') values[name] = value;
  return values;
}

function apply({ set, unset }: SetUpChanges, variables: VariableValues): VariableValues {
  const result = { ...variables, ...set };
  for (const name of unset) delete result[name];
  return result;
}
