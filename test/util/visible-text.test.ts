import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visibleLine, visibleText } from '../../src/util/index.ts';

describe('visibleText', () => {
  it.each([
    ['\x1b[31mred\x1b[0m', 'red'],
    ['\x1b[2J\x1b[1;1Hgone', 'gone'],
    ['\x1b]0;title\x07text', 'text'],
    ['\x1b]8;;https://x\x1b\\link\x1b]8;;\x1b\\', 'link'],
    ['\x1b]52;c;ZXZpbA==\x07', ''],
    ['\x1bP+q544e\x1b\\x', 'x'],
    ['\x9b31mred', 'red'],
    ['\x1bc', ''],
    ['a\rb', 'a\\x0db'],
    ['a\bb\x07', 'a\\x08b\\x07'],
    ['tab\tand\r\nlines\n', 'tab\tand\nlines\n'],
    ['if (a \u202e) // {', 'if (a \\u202e) // {'],
    ['\x1b]0;no end\nnext', '\nnext'],
    ['ünï✓ 🎉', 'ünï✓ 🎉'],
  ])('shows %j as %j', (text, shown) => {
    expect(visibleText(text)).toBe(shown);
  });

  it('keeps no character that a terminal obeys, and changes nothing twice', () => {
    const pieces = fc.constantFrom(
      '\x1b',
      '[',
      ']',
      '0',
      ';',
      'm',
      '\x07',
      '\x9b',
      '\x9d',
      '\\',
      '\n',
      'x',
      '\u202e',
    );
    fc.assert(
      fc.property(fc.string({ unit: pieces }), (text) => {
        const shown = visibleText(text);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
        expect(shown).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
        expect(visibleText(shown)).toBe(shown);
        expect(visibleLine(text)).not.toContain('\n');
      }),
    );
  });

  it('keeps the colours of inspect where it is asked to, and nothing else', () => {
    const text = "\x1b[32m'a'\x1b[39m \x1b[2J\x1b[38;5;1m\x1b]0;x\x07";
    expect(visibleText(text, { keepsColours: true })).toBe("\x1b[32m'a'\x1b[39m ");
  });
});
