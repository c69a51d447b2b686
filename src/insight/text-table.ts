import { visibleLine } from '../util/index.ts';

const GAP = '  ';
const NARROWEST = 4;

/** A table of texts that comes page by page: columns only grow, so that what was written before stays readable. */
export class TextTable {
  readonly #header: readonly string[];
  readonly #width: number;
  readonly #widths: number[];
  #isBegun = false;

  /** `header`: empty for none. `width`: columns of the terminal; what is wider is cut, the widest columns first. */
  constructor(header: readonly string[], width = Infinity) {
    this.#header = header;
    this.#width = width;
    this.#widths = header.map((title) => title.length);
  }

  /** The lines of some rows; the first time with the header above them. */
  lines(rows: readonly (readonly string[])[]): string[] {
    const cleaned = rows.map((row) => row.map(visibleLine));
    for (const row of cleaned) {
      row.forEach((cell, column) => {
        this.#widths[column] = Math.max(this.#widths[column] ?? 0, lengthOf(cell));
      });
    }
    const widths = fitted(this.#widths, this.#width - GAP.length * (this.#widths.length - 1));
    const all = this.#isBegun || this.#header.length === 0 ? cleaned : [this.#header, ...cleaned];
    this.#isBegun = true;
    return all.map((row) =>
      cut(
        row
          .map((cell, column) => pad(cell, widths[column] ?? 0))
          .join(GAP)
          .trimEnd(),
        this.#width,
      ),
    );
  }
}

/** Takes from the widest until all fit, or none can give any more. */
function fitted(widths: readonly number[], room: number): number[] {
  const result = [...widths];
  let excess = result.reduce((sum, width) => sum + width, 0) - room;
  while (excess > 0) {
    const widest = result.indexOf(Math.max(...result));
    const width = result[widest] ?? 0;
    if (width <= NARROWEST) break;
    result[widest] = width - 1;
    excess--;
  }
  return result;
}

function pad(text: string, width: number): string {
  const shown = cut(text, width);
  return shown + ' '.repeat(Math.max(0, width - lengthOf(shown)));
}

function cut(text: string, width: number): string {
  return lengthOf(text) <= width ? text : `${[...text].slice(0, Math.max(0, width - 1)).join('')}…`;
}

function lengthOf(text: string): number {
  return [...text].length;
}
