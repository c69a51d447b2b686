import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Project, ROOT } from './project.ts';

const TSX = join(ROOT, 'node_modules/tsx/dist/cli.mjs');
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
