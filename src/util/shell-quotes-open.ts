/** What the text is inside of: plain shell text, one of the kinds of quotes, or a comment. */
type Context = 'plain' | 'single' | 'double' | 'ansi' | 'backtick' | 'comment';

/**
 * Whether a shell text ends inside single or double quotes, so that what is inserted there must not bring its own.
 * `$(…)` starts afresh, as it does in a shell. Here-documents are not followed.
 */
export function isInsideQuotes(text: string): boolean {
  const open: Context[] = ['plain'];
  for (let index = 0; index < text.length; index++) {
    index += step(open, text, index);
  }
  const inside = open.at(-1);
  return inside === 'single' || inside === 'double' || inside === 'ansi';
}

/** Follows one character; returns how many further ones belong to it. */
function step(open: Context[], text: string, index: number): number {
  const char = text[index] ?? '';
  switch (open.at(-1)) {
    case 'single':
      if (char === "'") open.pop();
      return 0;
    case 'ansi':
      if (char === "'") open.pop();
      return char === '\\' ? 1 : 0;
    case 'comment':
      if (char === '\n') open.pop();
      return 0;
    case 'double':
      if (char === '"') open.pop();
      else return stepSubstitution(open, text, index);
      return 0;
    default:
      return stepPlain(open, text, index);
  }
}

function stepPlain(open: Context[], text: string, index: number): number {
  const char = text[index] ?? '';
  if (char === "'") open.push('single');
  else if (char === '"') open.push('double');
  else if (char === '$' && text[index + 1] === "'") {
    open.push('ansi');
    return 1;
  } else if (char === '#' && /^[\s;&|()]?$/.test(text[index - 1] ?? '')) open.push('comment');
  else if (char === '(') open.push('plain');
  else if (char === ')' && open.length > 1) open.pop();
  else return stepSubstitution(open, text, index);
  return 0;
}

/** Backslashes, `$(` and backticks, which mean the same inside double quotes. */
function stepSubstitution(open: Context[], text: string, index: number): number {
  const char = text[index];
  if (char === '\\') return 1;
  if (char === '$' && text[index + 1] === '(') {
    open.push('plain');
    return 1;
  }
  if (char === '`') {
    if (open.at(-1) === 'backtick') open.pop();
    else open.push('backtick');
  }
  return 0;
}
