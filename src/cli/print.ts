import { once } from 'node:events';

/** Writes to standard output, and waits while its reader is slower. */
export async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

/** One JSON list, written entry by entry. */
export class JsonList {
  #isBegun = false;

  async add(entries: readonly unknown[]): Promise<void> {
    if (entries.length === 0) return;
    const text = entries.map((entry) => `  ${JSON.stringify(entry)}`).join(',\n');
    await print(`${this.#isBegun ? ',' : '['}\n${text}`);
    this.#isBegun = true;
  }

  async end(): Promise<void> {
    await print(this.#isBegun ? '\n]\n' : '[]\n');
  }
}
