import { secretNames } from './secret-name.ts';

// Shorter values of variables that are only named like secrets are found everywhere: `yes`, `1`, `default`.
const SHORTEST = 8;
// Those that somebody declared as secrets.
const SHORTEST_DECLARED = 4;
const SHORTEST_LINE = 16;

interface Secret {
  readonly name: string;
  readonly value: string;
}

/**
 * Values that are to be seen by nobody, with the names of their variables. They are found as they are, as JSON writes
 * them, and as they stand in a URL. Where there are none, or in a text that is shorter than any, to look costs nothing.
 */
export class SecretValues {
  readonly #names = new Map<string, string>();
  #secrets: readonly Secret[] = [];
  /** What is masked: also the lines of a secret that has several (private keys), the longest first. */
  #needles: readonly Secret[] = [];
  #shortest = Infinity;

  /** Those of the variables that are named like a secret. */
  static of(variables: Readonly<Record<string, string | undefined>>): SecretValues {
    const values = new SecretValues();
    values.add(variables);
    return values;
  }

  /** Adds those of the variables that are named like a secret; and all that are `declared`. */
  add(variables: Readonly<Record<string, string | undefined>>, declared?: ReadonlySet<string>): void {
    const isSecretName = secretNames();
    for (const name of Object.keys(variables)) {
      const isDeclared = declared?.has(name) === true;
      if (!isDeclared && !isSecretName(name)) continue;
      const value = variables[name] ?? '';
      if (value.length >= (isDeclared ? SHORTEST_DECLARED : SHORTEST)) this.#names.set(value, name);
    }
    if (this.#names.size !== this.#secrets.length) this.#prepare();
  }

  get isEmpty(): boolean {
    return this.#secrets.length === 0;
  }

  /** Puts as many asterisks in the place of values; tells whether there were any. */
  cover(bytes: Buffer): boolean {
    let isChanged = false;
    for (const { value } of this.#needles) {
      const needle = Buffer.from(value);
      for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + needle.byteLength)) {
        bytes.fill('*', at, at + needle.byteLength);
        isChanged = true;
      }
    }
    return isChanged;
  }

  /** The variable whose value a text holds. */
  nameIn(text: string): string | undefined {
    if (text.length < this.#shortest) return undefined;
    return this.#secrets.find(({ value }) => text.includes(value))?.name;
  }

  /** A text with `[secret NAME]` in the place of values. */
  mask(text: string): string {
    if (text.length < this.#shortest) return text;
    let masked = text;
    for (const { name, value } of this.#needles) {
      if (masked.includes(value)) masked = masked.replaceAll(value, `[secret ${name}]`);
    }
    return masked;
  }

  #prepare(): void {
    const known = [...this.#names].map(([value, name]) => ({ value, name: name.replaceAll(/\W/g, '?') }));
    const lines = known.flatMap(({ value, name }) => linesOf(value).map((line) => ({ value: line, name })));
    this.#secrets = spellings(known);
    this.#needles = spellings([...known, ...lines]).sort((a, b) => b.value.length - a.value.length);
    this.#shortest = Math.min(...this.#needles.map(({ value }) => value.length));
  }
}

function linesOf(value: string): string[] {
  const lines = value.split(/\r?\n/);
  return lines.length === 1
    ? []
    : lines.map((line) => line.trim()).filter((line) => line.length >= SHORTEST_LINE);
}

function spellings(secrets: readonly Secret[]): Secret[] {
  return secrets.flatMap(({ name, value }) =>
    [...new Set([value, JSON.stringify(value).slice(1, -1), inUrl(value)])].map((one) => ({
      name,
      value: one,
    })),
  );
}

/** A value may hold half a character, which no URL can. */
function inUrl(value: string): string {
  return encodeURIComponent(value.toWellFormed());
}

// To read the environment takes longer than to mask a text.
const TRUSTED_MS = 50;
let own = new SecretValues();
let readAt = -Infinity;

/** A text without the values of the secrets that this process has. */
export function maskSecrets(text: string): string {
  const now = performance.now();
  if (now - readAt > TRUSTED_MS) {
    own = SecretValues.of(process.env);
    readAt = now;
  }
  return own.mask(text);
}
