import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { makeProgram } from '../../src/cli/program.ts';
import { temporaryFolder } from './fixtures.ts';
import { documentedSchemas, faults } from './json-schema.ts';
import { runCli } from './run-cli.ts';
import { runQueue } from './run-tasks.ts';

const schemas = documentedSchemas();

describe('docs/json.md', () => {
  it('has a schema for every command with --json, and for no other', () => {
    expect([...schemas.keys()].sort()).toEqual(jsonCommands(makeProgram()).sort());
  });

  it.each([
    ['queues', []],
    ['tasks', []],
    ['tasks', ['--property', 'out', 'err', 'errno']],
    ['tasks', ['--state', 'killed']],
    ['time', []],
    ['results', ['--name', 'root']],
    ['check', []],
  ])('says what %s %j gives', async (command, words) => {
    const cwd = temporaryFolder();
    await runQueue(cwd, 'roots', [1, 4, -9]);
    const { out } = await runCli([command, '-q', './roots', '--json', ...words], { cwd });
    expect(faults(JSON.parse(out), schemas.get(command) ?? {})).toEqual([]);
  });

  it('says what config show gives', async () => {
    const { out } = await runCli(['config', 'show', '--json'], { cwd: temporaryFolder() });
    expect(JSON.parse(out).length).toBeGreaterThan(0);
    expect(faults(JSON.parse(out), schemas.get('config show') ?? {})).toEqual([]);
  });

  it('would notice a missing, an unknown and a wrong field', () => {
    const schema = { type: 'object', properties: { a: { type: ['integer', 'null'] } }, required: ['a'] };
    expect(faults({ a: null }, schema)).toEqual([]);
    expect(faults({}, schema)).toEqual(['$.a is missing']);
    expect(faults({ a: 1, b: 2 }, schema)).toEqual(['$.b is not documented']);
    expect(faults([{ a: 1.5 }], { type: 'array', items: schema })).toEqual(['$[0].a is no integer or null']);
  });
});

function jsonCommands(command: Command, words: readonly string[] = []): string[] {
  const below = command.commands.flatMap((one) => jsonCommands(one, [...words, one.name()]));
  return command.options.some(({ long }) => long === '--json') ? [words.join(' '), ...below] : below;
}
