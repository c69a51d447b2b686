import { once } from 'node:events';

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
    const text = entries.map((entry) => `  ${JSON.stringify(entry)}`).join(',\n');
    await this.#text.add(`${this.#isBegun ? ',' : '['}\n${text}`);
    this.#isBegun = true;
  }

  async end(): Promise<void> {
    await this.#text.add(this.#isBegun ? '\n]\n' : '[]\n');
    await this.#text.end();
  }
}
