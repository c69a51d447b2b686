import type { Call } from '../app/index.ts';
import type { EnvironmentDescription } from '../environment/index.ts';
import { PipeError } from '../errors.ts';
import { isSecretName, log, SecretValues } from '../util/index.ts';

/** Sees to it that no call brings the value of a variable named like a secret into the queue's file. */
export class SecretCheck {
  readonly #values = SecretValues.of(process.env);
  readonly #environs = new Set<string>();

  /** The arguments of a call, and its key. Throws `SECRET_REFUSED` with the way to the value. */
  checkArguments({ app, args, key }: Call): void {
    this.#learn(app.taskManager.environ);
    const inArguments = this.#values.nameIn(args.text);
    if (inArguments !== undefined) throw refused(`${app.name}${this.#argumentOf(args.text)}`, inArguments);
    const inKey = key === undefined ? undefined : this.#values.nameIn(key);
    if (inKey !== undefined) throw refused(`${app.name} → key`, inKey);
  }

  /** What is kept beside the calls: code, options, folder, environment. */
  checkDefinition({ app, cwd, options, program }: Call): void {
    const { environ, scheduler, provider } = app.taskManager;
    const parts = Object.entries({
      'the name': app.name,
      'the code': program.text,
      'the source': program.source,
      'the options': JSON.stringify(options),
      'the working directory': cwd,
      'the environment': environ,
      'the scheduler': scheduler,
      'the provider': provider,
    });
    for (const [part, text] of parts) {
      const secret = this.#values.nameIn(text);
      if (secret !== undefined)
        throw refused(`${part === 'the name' ? 'an app' : app.name} → ${part}`, secret);
    }
    warnOfDeclared(environ);
  }

  /** What an environment declares as a secret is one, whatever it is called. */
  #learn(environ: string): void {
    if (this.#environs.has(environ)) return;
    this.#environs.add(environ);
    const names = Object.values((JSON.parse(environ) as EnvironmentDescription).secrets);
    const entries = names.map((name) => [name, process.env[name]] as const);
    if (names.length > 0) this.#values.add(Object.fromEntries(entries), new Set(names));
  }

  #argumentOf(text: string): string {
    const list: unknown = JSON.parse(text);
    for (const [index, argument] of Array.isArray(list) ? list.entries() : []) {
      const way = this.#wayTo(argument);
      if (way !== undefined)
        return ` → argument ${index + 1}${way === '' ? '' : ` → ${way.replace(/^\./, '')}`}`;
    }
    return ' → arguments';
  }

  /** Through the stored form, in which `v` holds what a tag is about. */
  #wayTo(node: unknown): string | undefined {
    if (typeof node === 'string') return this.#values.nameIn(node) === undefined ? undefined : '';
    if (typeof node !== 'object' || node === null) return undefined;
    for (const [key, part] of Object.entries(node)) {
      const rest = this.#values.nameIn(key) === undefined ? this.#wayTo(part) : '';
      if (rest !== undefined)
        return (rest === '' && this.#values.nameIn(key) !== undefined ? '.…' : stepTo(node, key)) + rest;
    }
    return undefined;
  }
}

function stepTo(node: object, key: string): string {
  if (Array.isArray(node)) return `[${key}]`;
  if (Object.hasOwn(node, '$')) return '';
  return /^[\w$]{1,40}$/.test(key) ? `.${key}` : '.…';
}

const warned = new Set<string>();
const SHORTEST = 8;

/** What somebody wrote into a script is stored as they asked; they may not have thought of it. */
function warnOfDeclared(environ: string): void {
  const { data } = JSON.parse(environ) as EnvironmentDescription;
  for (const [name, value] of Object.entries(data)) {
    if (!isSecretName(name) || value.length < SHORTEST || warned.has(name)) continue;
    warned.add(name);
    log.warn(
      `The environment gives ${name} a value, which is stored in the queue. If it is secret: environ: { ${name}: secret('${name}') }; if not: secret_names: ['!${name}'] in the configuration.`,
    );
  }
}

function refused(way: string, secret: string): PipeError {
  return new PipeError(
    'SECRET_REFUSED',
    `${way}: the value of the environment variable ${secret} would be stored in the queue. Declare it, environ: { ${secret}: secret('${secret}') }, and read process.env.${secret} where it is used.`,
  );
}
