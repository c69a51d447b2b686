import { once } from 'node:events';
import { visibleText } from '../util/index.ts';

// JSON.stringify leaves what some terminals obey: the control characters above ASCII, and marks that reverse text.
const NOT_ESCAPED = /[\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g;

/** A value as JSON, with all that a terminal could obey as escapes. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replaceAll(
    NOT_ESCAPED,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A text of a task as standard output takes it: as it is, but for terminals. */
export function foreignText(text: string): string {
  return process.stdout.isTTY ? visibleText(text) : text;
}

/** Writes to standard output, and waits while its reader is slower. */
export async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

const MOST_WAITING = 32 * 1024;

/** Writes many short texts together: a write costs as much as reading a task. */
export class GroupedText {
  #waiting = '';

  async add(text: string): Promise<void> {
    this.#waiting += text;
    if (this.#waiting.length >= MOST_WAITING) await this.end();
  }

  async end(): Promise<void> {
    const text = this.#waiting;
    this.#waiting = '';
    if (text !== '') await print(text);
  }
}

/** One JSON list, written entry by entry. */
export class JsonList {
  readonly #text = new GroupedText();
  #isBegun = false;

  async add(entries: readonly unknown[]): Promise<void> {
    if (entries.length === 0) return;
    const text = entries.map((entry) => `  ${jsonText(entry)}`).join(',\n');
    await this.#text.add(`${this.#isBegun ? ',' : '['}\n${text}`);
    this.#isBegun = true;
  }

  async end(): Promise<void> {
    await this.#text.add(this.#isBegun ? '\n]\n' : '[]\n');
    await this.#text.end();
  }
}
