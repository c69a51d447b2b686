import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** The code block of the README that begins with a comment. */
function block(beginning: string): string {
  const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, text = '']) => text);
  const found = blocks.filter((text) => text.startsWith(`// ${beginning}`));
  expect(found, beginning).toHaveLength(1);
  return found[0] ?? '';
}

function project(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tspipe-readme-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(ROOT, join(folder, 'node_modules/tspipe'));
  return folder;
}

function run(cwd: string, ...words: string[]): string {
  return execFileSync(process.execPath, words, { cwd, encoding: 'utf8', stdio: 'pipe' });
}

describe('the README', () => {
  it('shows examples/pi.ts as it is, but for its generator', () => {
    const example = readFileSync(join(ROOT, 'examples/pi.ts'), 'utf8');
    const lines = block('examples/pi.ts').trim().split('\n').slice(1);
    expect(lines.filter((line) => !example.includes(`${line}\n`))).toEqual([]);
  });

  it('leads to a pipeline of one’s own that does what it says', () => {
    const folder = project();
    const pipeline = block('pipeline.ts');
    const counts = (): Record<string, number> =>
      JSON.parse(run(folder, join(ROOT, 'bin/tspipe.js'), 'queues', '-q', './collatz', '--json'))[0].counts;
    writeFileSync(join(folder, 'pipeline.ts'), pipeline);
    writeFileSync(join(folder, 'look.ts'), block('look.ts'));

    const said = run(folder, 'pipeline.ts');
    expect(readme).toContain(`\`\`\`text\n${said}\`\`\``);
    expect(counts()).toMatchObject({ SUCCEEDED: 32 });

    const listed = run(folder, join(ROOT, 'bin/tspipe.js'), 'queues', '-q', './collatz');
    expect(readme).toContain(listed.replace(folder, '…'));
    expect(run(folder, 'look.ts')).toContain('steps { start: 2 } 1\nfailed: 0\n');

    run(folder, 'pipeline.ts');
    expect(counts()).toMatchObject({ SUCCEEDED: 32 });

    writeFileSync(join(folder, 'pipeline.ts'), pipeline.replace('30 }', '40 }'));
    run(folder, 'pipeline.ts');
    expect(counts()).toMatchObject({ SUCCEEDED: 44 });
  });

  it('names commands that package.json has', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const named = [...readme.matchAll(/npm run (\w+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});
