/** Names more variables whose values are secret, or with `!` some that are none: patterns with `*`, between commas. */
export const SECRET_NAMES = 'TSPIPE_SECRET_NAMES';

/** What a pattern of names may be. */
export const NAME_PATTERN = /^!?[\w*]+$/;

interface Patterns {
  readonly text: string;
  readonly more: readonly RegExp[];
  readonly less: readonly RegExp[];
}

let patterns: Patterns = { text: '', more: [], less: [] };

/**
 * Whether a variable is named like a secret: `…KEY`, `…TOKEN`, `…SECRET…` or `…PASS…`, in any case, or as
 * `TSPIPE_SECRET_NAMES` says.
 */
export function isSecretName(name: string): boolean {
  return secretNames()(name);
}

/** The same for many names: to read a variable of the environment takes longer than to look at a name. */
export function secretNames(): (name: string) => boolean {
  const { more, less } = patternsOf(process.env[SECRET_NAMES] ?? '');
  return (name) =>
    (/(?:KEY|TOKEN)$|SECRET|PASS/i.test(name) || more.some((pattern) => pattern.test(name))) &&
    name !== SECRET_NAMES &&
    !less.some((pattern) => pattern.test(name));
}

function patternsOf(text: string): Patterns {
  if (patterns.text === text) return patterns;
  const words = text.split(/[\s,]+/).filter((word) => NAME_PATTERN.test(word));
  patterns = {
    text,
    more: words.filter((word) => !word.startsWith('!')).map(regExpOf),
    less: words.filter((word) => word.startsWith('!')).map((word) => regExpOf(word.slice(1))),
  };
  return patterns;
}

function regExpOf(pattern: string): RegExp {
  // Stars in a row are one: several would be tried against each other.
  return new RegExp(`^${pattern.replaceAll(/\*+/g, '.*')}$`, 'is');
}
