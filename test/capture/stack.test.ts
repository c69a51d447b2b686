import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { captureWith, RUNNERS } from './runners.ts';

const SLOW = 120_000;
const script = new URL('fixtures/failing.ts', import.meta.url);
const own = new URL('fixtures/own/checked.ts', import.meta.url);

// What is typed stands in no file.
const WITH_FILE = RUNNERS.filter((runner) => !/^(eval|repl)/.test(runner));

describe.each(WITH_FILE)('an error in a function of a script started with %s', (runner) => {
  it('has a stack at the lines that the user wrote', { timeout: SLOW }, async () => {
    const { folder, rebuilt } = await captureWith(runner, 'failing.ts');
    const stackOf = (name: string): string => rebuilt.find((row) => row.name === name)?.error ?? '';
    const inner = `${folder}/failing.ts:${lineOf('inner')}:`;
    const outer = `${folder}/failing.ts:${lineOf('outer')}:`;
    for (const name of ['function', 'method', 'async']) {
      const frames = framesOf(stackOf(name));
      expect(stackOf(name)).toContain('RangeError: too large: 5');
      expect(frames[0]).toContain(`inner (${inner}`);
      expect(frames[1]).toContain(`outer (${outer}`);
      expect(frames[2]).toContain(`${folder}/failing.ts:${lineOf(name)}:`);
    }
    expect(framesOf(stackOf('own module'))[0]).toContain(
      `checked (${folder}/own/checked.ts:${lineOf('checked', own)}:`,
    );
    expect(framesOf(stackOf('cause'))[0]).toContain(`${folder}/failing.ts:${lineOf('cause')}:`);
    expect(rebuilt.map((row) => row.error).join()).not.toMatch(/src\/capture|tspipe=|module_job/);
  });
});

function framesOf(stack: string): readonly string[] {
  return stack.split('\n').filter((line) => /^\s+at /.test(line));
}

function lineOf(mark: string, file = script): number {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.findIndex((line) => line.includes(`// at: ${mark}`)) + 1;
}
