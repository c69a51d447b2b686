import type { Random } from '../chaos/random.ts';

// What breaks readers: ends of lines and texts, quotes, shell, paths, terminals, YAML, HTML, numbers.
const TOKENS = [
  '\0',
  '\n',
  '\r\n',
  '\t',
  '"',
  "'",
  '`$(id)`',
  '../',
  '/etc/passwd',
  '\u001b[2J',
  '\u202e',
  '\ud800',
  '\ufeff',
  '__proto__',
  'constructor',
  'toString',
  '<script>',
  '!!js/function',
  '&a [*a, *a]',
  '*a',
  '<<: *a',
  '- ',
  ': ',
  '--',
  '-',
  '=',
  '$',
  '{}',
  '[]',
  'null',
  'true',
  '-0',
  '1e999',
  '9007199254740993',
  '4294967296',
  '-1',
  '0.1',
  'NaN',
  '',
] as const;

/** A text with one to four changes: pieces cut, doubled, moved in from another, tokens put in, characters changed. */
export function mutateText(random: Random, text: string, others: readonly string[]): string {
  let changed = text;
  for (let left = random.between(1, 4); left > 0; left--) changed = changeOnce(random, changed, others);
  return changed;
}

function changeOnce(random: Random, text: string, others: readonly string[]): string {
  const from = random.below(text.length + 1);
  const to = Math.min(text.length, from + random.below(random.below(8) === 0 ? text.length + 1 : 8));
  const [before, piece, after] = [text.slice(0, from), text.slice(from, to), text.slice(to)];
  switch (random.below(7)) {
    case 0:
      return before + after;
    case 1:
      return before + piece + piece + after;
    case 2:
      return before + (random.pick(TOKENS) ?? '') + piece + after;
    case 3:
      return before + (random.pick(TOKENS) ?? '') + after;
    case 4:
      return before + String.fromCharCode(random.below(random.below(4) === 0 ? 65_536 : 128)) + after;
    case 5:
      return before;
    default:
      return before + pieceOf(random, random.pick(others) ?? '') + after;
  }
}

function pieceOf(random: Random, text: string): string {
  const from = random.below(text.length + 1);
  return text.slice(from, from + random.below(40));
}
