import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { onTestFinished } from 'vitest';

export const ROOT = join(import.meta.dirname, '../..');

/** A project of somebody who uses tspipe, with one of the examples in it. */
export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), 'tspipe-example-'));
  readonly #example: string;

  constructor(example: string, modules: readonly string[] = []) {
    onTestFinished(() => rmSync(this.folder, { recursive: true, force: true }));
    this.#example = example;
    writeFileSync(join(this.folder, 'package.json'), '{ "type": "module" }');
    mkdirSync(join(this.folder, 'node_modules'));
    symlinkSync(ROOT, join(this.folder, 'node_modules/tspipe'));
    symlinkSync(join(ROOT, 'node_modules/yaml'), join(this.folder, 'node_modules/yaml'));
    for (const module of modules) copyFileSync(join(ROOT, 'examples', module), join(this.folder, module));
    this.edit((text) => text);
  }

  /** Writes the example, changed, into the project. */
  edit(change: (text: string) => string): void {
    const text = readFileSync(join(ROOT, 'examples', this.#example), 'utf8');
    writeFileSync(join(this.folder, this.#example), change(text));
  }

  run(...runner: string[]): string {
    return execFileSync(process.execPath, [...runner, this.#example], {
      cwd: this.folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  attempts(): number {
    const database = new DatabaseSync(join(this.folder, `_tests/${this.#example.replace('.ts', '')}.sqlite`));
    try {
      return Number(database.prepare('SELECT count(*) AS n FROM attempt').get()?.n);
    } finally {
      database.close();
    }
  }
}
