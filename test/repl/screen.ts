/**
 * What a terminal of endless width shows after these bytes: the movements of the cursor and the erasures that Node's
 * prompt writes are carried out, colours are left out.
 */
export function screenOf(bytes: string): string {
  const screen = new Screen();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences of a terminal begin with one.
  for (const [text, count, command] of bytes.matchAll(/\x1b\[([\d;?]*)([A-Za-z])|[^\x1b]/gs)) {
    if (command === undefined) screen.write(text);
    else screen.obey(command, count === '' ? undefined : Number(count));
  }
  return screen.toString();
}

class Screen {
  #rows: string[] = [''];
  #row = 0;
  #column = 0;

  write(character: string): void {
    if (character === '\r') this.#column = 0;
    else if (character === '\n') this.#moveTo(this.#row + 1);
    else {
      const row = this.#rows[this.#row] ?? '';
      const before = row.slice(0, this.#column).padEnd(this.#column);
      this.#rows[this.#row] = `${before}${character}${row.slice(this.#column + 1)}`;
      this.#column++;
    }
  }

  obey(command: string, count: number | undefined): void {
    if (command === 'A') this.#moveTo(Math.max(0, this.#row - (count ?? 1)));
    else if (command === 'B') this.#moveTo(this.#row + (count ?? 1));
    else if (command === 'C') this.#column += count ?? 1;
    else if (command === 'D') this.#column = Math.max(0, this.#column - (count ?? 1));
    else if (command === 'G') this.#column = (count ?? 1) - 1;
    else if (command === 'J' || command === 'K') this.#erase(command, count ?? 0);
  }

  toString(): string {
    return this.#rows.map((row) => row.trimEnd()).join('\n');
  }

  #moveTo(row: number): void {
    while (this.#rows.length <= row) this.#rows.push('');
    this.#row = row;
  }

  /** Behind the cursor, or the whole line; with J also the lines below. */
  #erase(command: string, count: number): void {
    const row = this.#rows[this.#row] ?? '';
    this.#rows[this.#row] = count === 0 ? row.slice(0, this.#column) : '';
    if (command === 'J') this.#rows.length = this.#row + 1;
  }
}
