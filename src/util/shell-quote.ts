import { PipeError } from '../errors.ts';
import { isInsideQuotes } from './shell-quotes-open.ts';
import { showValue } from './text.ts';

/** What may be inserted into `` sh`…` ``. */
export type ShellWord = string | number | bigint | ShellFragment | readonly ShellWord[];

/** A piece of shell text that `` sh`…` `` inserts as it is, made by `` sh.fragment`…` ``. */
export class ShellFragment {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/**
 * One word as a POSIX shell reads it back unchanged, quoted only where it has to be.
 * Throws `OPTION_INVALID` for a NUL character, which no argument can hold.
 */
export function quoteShell(word: string): string {
  if (word.includes('\0')) {
    throw new PipeError('OPTION_INVALID', `A shell word cannot hold a NUL character: ${showValue(word)}.`);
  }
  if (/^(?:-[\w@%+=:,./-]*|[\w@%+:,./-]+)$/.test(word)) return word;
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * A command for bash, in which everything inserted is quoted: text and numbers become one word, an array one
 * word for each of its items. Backslashes reach bash as they are written (only `` \` `` and `\${` are those of
 * JavaScript). The result is a plain string, and inserted elsewhere is one word, as in `` sh`ssh ${host} ${command}` ``;
 * for pieces that stay shell text there is `` sh.fragment`…` ``.
 * Throws `OPTION_INVALID` for anything else inserted, and for an insertion between quotes.
 *
 * @example
 * sh`bwa mem ${'my reads.fq'} | samtools sort -o ${out}`; // bwa mem 'my reads.fq' | samtools sort -o out.bam
 * sh`cat ${file} ${zipped ? sh.fragment`| gunzip` : []} | sort`;
 */
export function sh(template: TemplateStringsArray, ...inserted: readonly ShellWord[]): string {
  return compose(template, inserted);
}

sh.fragment = (template: TemplateStringsArray, ...inserted: readonly ShellWord[]): ShellFragment =>
  new ShellFragment(compose(template, inserted));

function compose(template: TemplateStringsArray, inserted: readonly ShellWord[]): string {
  const parts = template.raw.map((part) => part.replaceAll(/\\(`|\$\{)/g, '$1'));
  let text = parts[0] ?? '';
  inserted.forEach((value, index) => {
    if (isInsideQuotes(parts.slice(0, index + 1).join('x'))) {
      const where = JSON.stringify(parts[index]?.slice(-20));
      throw new PipeError(
        'OPTION_INVALID',
        `sh\`…\` quotes what is inserted by itself: leave out the quotes around the insertion after ${where}.`,
      );
    }
    text += quoteInserted(value) + (parts[index + 1] ?? '');
  });
  return text;
}

function quoteInserted(value: unknown): string {
  if (value instanceof ShellFragment) return value.text;
  if (Array.isArray(value)) return value.map(quoteInserted).join(' ');
  if (typeof value === 'string') return quoteShell(value);
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value)))
    return String(value);
  throw new PipeError(
    'OPTION_INVALID',
    `sh\`…\` takes text, finite numbers, arrays of these and sh.fragment\`…\`, not ${showValue(value)}.`,
  );
}
