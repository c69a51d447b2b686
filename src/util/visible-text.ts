// Ends of such sequences are looked for within a line, so that one without an end hides no more than that.
const SEQUENCES = new RegExp(
  [
    // Operating system commands and other strings: titles, links, the clipboard.
    String.raw`(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x9c|\x1b\\)?`,
    // Colours, and whatever moves the cursor or clears.
    String.raw`(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?`,
    String.raw`\x1b[ -/]*[0-~]?`,
  ].join('|'),
  'g',
);
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const COLOUR = /^\x1b\[\d{1,2}m$/;

// What is left, but for tab and line feed, and the marks by which Unicode reverses what is read.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/**
 * A text of somebody else's (an app's name, an error, what a task printed) as it may be shown on a terminal: without
 * sequences that colour, move, clear, or speak to the terminal itself; other control characters as `\x07`. Lines and
 * tabs stay, also where lines end by CR LF. `keepsColours`: those of `util.inspect`.
 */
export function visibleText(text: string, { keepsColours = false } = {}): string {
  if (text.search(CONTROLS) < 0) return text;
  const plain = text.replaceAll('\r\n', '\n');
  if (!keepsColours) return plain.replaceAll(SEQUENCES, '').replaceAll(CONTROLS, escaped);
  const parts: string[] = [];
  let from = 0;
  for (const { 0: sequence, index } of plain.matchAll(SEQUENCES)) {
    parts.push(plain.slice(from, index).replaceAll(CONTROLS, escaped), COLOUR.test(sequence) ? sequence : '');
    from = index + sequence.length;
  }
  return parts.join('') + plain.slice(from).replaceAll(CONTROLS, escaped);
}

/** The same on one line. */
export function visibleLine(text: string): string {
  return visibleText(text).replaceAll(/[\t\n]+/g, ' ');
}

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`;
}
