import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Environment, Future, Queue, Task, TaskManager } from 'tspipe';
import { expect, it } from 'vitest';
import { makeProgram } from '../../src/cli/program.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/from-desipipe.md'), 'utf8');

/** What stands in code spans of the columns after the first, and in text. */
const spans = page
  .split('\n')
  .flatMap((line) => (line.startsWith('|') ? line.split(' | ').slice(1) : [line]))
  .flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code));

it.each([
  ['queue', Queue.prototype],
  ['task', Task.prototype],
  ['future', Future.prototype],
] as const)('names only members that %s has', (name, prototype) => {
  const members = spans.flatMap((span) =>
    [...span.matchAll(new RegExp(`(?<![\\w.])${name}\\.(\\w+)`, 'g'))].map(([, member = '']) => member),
  );
  expect(members.length).toBeGreaterThan(2);
  expect(members.filter((member) => !(member in prototype))).toEqual([]);
});

it('names only properties of tasks and environments that there are', () => {
  const row = spans.find((span) => span.includes('requireIds'))?.split(' ') ?? [];
  expect(row.filter((name) => !(name in Task.prototype))).toEqual([]);
  expect(['toObject', 'toScript', 'clone'].filter((name) => !(name in Environment.prototype))).toEqual([]);
  expect(['clone', 'spawn', 'apps'].filter((name) => !(name in TaskManager.prototype))).toEqual([]);
});

it('names only commands and options that there are', () => {
  const { commands } = makeProgram();
  const used = [...page.matchAll(/\btspipe ([a-z]+)/g)].map(([, name]) => name);
  const known = commands.map((command) => command.name());
  expect(used.filter((name) => name !== undefined && !known.includes(name))).toEqual([]);
  const options = new Set(commands.flatMap((command) => command.options.map(({ long }) => long)));
  const named = page.split('\n').flatMap((line) => {
    const text = line.startsWith('|') ? line.split(' | ').slice(1).join(' | ') : line;
    return [...text.matchAll(/(?<!without `)(--[a-z-]+[a-z])/g)].map(([option]) => option);
  });
  expect(named.filter((option) => !options.has(option))).toEqual([]);
});
