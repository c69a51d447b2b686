import { expect, it } from 'vitest';
import { Project } from './project.ts';

const SAYS = /^1 {2}[ ▁▂▃▄▅▆▇█]{24} {2}-?0\.0\d\d ± 0\.\d{3}\n2 .*\n3 .*\nfunction measure, \d+ bytes\n/;

it('the example 02-ordinary-code runs as it is, and again as far as something was edited', () => {
  const project = new Project('02-ordinary-code.ts', ['02-statistics.ts']);
  expect(project.run()).toMatch(SAYS);
  expect(project.attempts()).toBe(4);

  project.edit((text) =>
    text.replace(
      "import { basename } from 'node:path';",
      "// A comment.\nimport { basename } from 'node:path';",
    ),
  );
  expect(project.run()).toMatch(SAYS);
  expect(project.attempts()).toBe(4);

  project.edit((text) => text.replace("join('\\n')", "join(' \\n').replaceAll(' \\n', '\\n')"));
  expect(project.run()).toMatch(SAYS);
  expect(project.attempts()).toBe(5);

  project.edit((text) => text.replace('[...draw(seed, size)]', '[...draw(seed + 10, size)]'));
  expect(project.run()).toMatch(SAYS);
  expect(project.attempts()).toBe(9);
});
