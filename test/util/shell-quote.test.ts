import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteShell, type ShellWord, sh } from '../../src/util/index.ts';

function run(command: string): string {
  return execFileSync('bash', ['-euo', 'pipefail', '-c', command], { encoding: 'utf8' });
}

describe('quoteShell', () => {
  it.each([
    ['reads.fq', 'reads.fq'],
    ['--size=4', '--size=4'],
    ['/a/b-c_d:e@f,g+h%i', '/a/b-c_d:e@f,g+h%i'],
    ['', "''"],
    ['a b', "'a b'"],
    ["it's", String.raw`'it'\''s'`],
    ['~', "'~'"],
    ['A=b', "'A=b'"],
    ['$(ls)', "'$(ls)'"],
  ])('writes %j as %s', (word, quoted) => {
    expect(quoteShell(word)).toBe(quoted);
  });

  it('is undone by bash, whatever the words', () => {
    const word = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), (words) => {
        expect(run(`printf '%s\\0' ${words.map(quoteShell).join(' ')}`)).toBe(`${words.join('\0')}\0`);
      }),
      { numRuns: 20 },
    );
  });

  it('refuses a NUL character', () => {
    expect(() => quoteShell('a\0b')).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });
});

describe('sh', () => {
  it('quotes what is inserted and gives plain text', () => {
    const [r1, out] = ['my reads.fq', 'out.bam'];
    expect(sh`bwa mem ${r1} | samtools sort -o ${out}`).toBe(
      "bwa mem 'my reads.fq' | samtools sort -o out.bam",
    );
  });

  it('takes numbers, and makes one word of each item of an array', () => {
    expect(sh`head -n ${3} -c ${10n} ${['a b', 'c', 4]} ${[]}`).toBe("head -n 3 -c 10 'a b' c 4 ");
  });

  it('leaves fragments as they are, and quotes what is inserted in them', () => {
    const pipe = sh.fragment`| sort -k ${'2 3'}`;
    expect(sh`cat ${'x y'} ${pipe} ${[pipe]}`).toBe("cat 'x y' | sort -k '2 3' | sort -k '2 3'");
  });

  it('makes one word of a command made by sh', () => {
    expect(run(sh`bash -c ${sh`echo ${'a  b'}`}`)).toBe('a  b\n');
  });

  it('hands backslashes to bash as they are written', () => {
    expect(sh`printf 'a\n\t\.' \`date\` "\${HOME}"`).toBe('printf \'a\\n\\t\\.\' `date` "$\x7bHOME}"');
    expect(run(sh`printf 'a\nb\n' | wc -l`).trim()).toBe('2');
  });

  it('refuses insertions between quotes, where quotes of its own would do harm', () => {
    for (const make of [
      () => sh`echo "${'x'}"`,
      () => sh`echo 'a ${'x'}'`,
      () => sh`echo "$(date) ${'x'}"`,
      () => sh`echo $'it\'s ${'x'}'`,
    ]) {
      expect(make).toThrow(/^sh`…` quotes what is inserted by itself: leave out the quotes/);
    }
  });

  it('knows where quotes end', () => {
    expect(sh`echo "a" 'b"' $'c\'' \" ${'x y'}`).toContain("'x y'");
    expect(sh`# don't
      echo $# ${'x y'}`).toContain("'x y'");
    expect(run(sh`echo "$(basename ${'/tmp/a b'})"`)).toBe('a b\n');
    expect(run(sh`echo "\`basename ${'/tmp/a b'}\`"`)).toBe('a b\n');
  });

  it.each([undefined, null, true, {}, Number.NaN, [undefined]])('refuses to insert %j', (value) => {
    expect(() => sh`echo ${value as unknown as ShellWord}`).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining('sh.fragment') }),
    );
  });
});
