import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const TSX = join(ROOT, 'node_modules/tsx/dist/cli.mjs');

/** A project of somebody who uses tspipe, with one of the examples in it. */
class Project {
  readonly folder = mkdtempSync(join(tmpdir(), 'tspipe-pi-'));
  readonly #example: string;

  constructor(example: string) {
    onTestFinished(() => rmSync(this.folder, { recursive: true, force: true }));
    this.#example = example;
    writeFileSync(join(this.folder, 'package.json'), '{ "type": "module" }');
    mkdirSync(join(this.folder, 'node_modules'));
    symlinkSync(ROOT, join(this.folder, 'node_modules/tspipe'));
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

const SAYS = /^bash app says pi is ~ 3\.1\d\d\d\n$/;

describe.each([
  ['pi.ts', [TSX]],
  ['pi-plain.ts', []],
])('the example %s', (example, runner) => {
  it('computes once, again after an edit of a helper, and not after one of a comment', () => {
    const project = new Project(example);
    expect(project.run(...runner)).toMatch(SAYS);
    expect(project.attempts()).toBe(22);

    expect(project.run(...runner)).toMatch(SAYS);
    expect(project.attempts()).toBe(22);

    const withComment = (text: string): string =>
      text.replace('let inside = 0;', '// counts the points inside\n  let inside = 0; // from none');
    project.edit(withComment);
    expect(project.run(...runner)).toMatch(SAYS);
    expect(project.attempts()).toBe(22);

    project.edit((text) => withComment(text).replace('=> x * x;', '=> x ** 2;'));
    expect(project.run(...runner)).toMatch(SAYS);
    expect(project.attempts()).toBe(44);
  });
});
