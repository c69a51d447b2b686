import { createServer } from 'node:net';
import { basename } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it, onTestFinished } from 'vitest';
import { programContents } from '../../src/capture/index.ts';
import { load, programOf } from './hooks.ts';

declare const undeclared: number;

const settings = { steps: 3, label: 'from the script' };
const helper = (x: number) => x * settings.steps;

describe('values given by hand', () => {
  it('take the place of what variables hold, also in the functions it reaches', async () => {
    const program = programOf((x: number) => helper(x) + settings.steps, {
      uses: { settings: { steps: 10 } },
    });
    expect((await load(program)).instantiate()(2)).toBe(30);
    expect(settings.steps).toBe(3);
  });

  it('count for identity as what is captured does', () => {
    const fn = () => settings.steps;
    const identity = (steps: number) => programOf(fn, { uses: { settings: { steps } } }).identity;
    expect(identity(1)).toBe(identity(1));
    expect(identity(1)).not.toBe(identity(2));
    expect(identity(3)).toBe(programOf(fn).identity);
  });

  it('stand for what cannot be read or cannot travel', async () => {
    const server = createServer();
    onTestFinished(() => void server.close());
    const fn = () => [undeclared, server];
    expect(() => programOf(fn)).toThrow(expect.objectContaining({ code: 'CAPTURE_REFUSED' }));
    const uses = { undeclared: 7, server: undefined };
    expect((await load(programOf(fn, { uses }))).instantiate()()).toEqual([7, undefined]);
  });

  it('are refused for a name that nothing refers to, with the nearest, and for imports', () => {
    const fn = () => basename(settings.label);
    expect(() => programOf(fn, { uses: { setings: 1 } })).toThrow(
      'uses: A variable (no import) of task with the name "setings" is unknown. Did you mean "settings"?',
    );
    expect(() => programOf(fn, { uses: { basename: 1 } })).toThrow(
      /name "basename" is unknown. Known: settings\./,
    );
  });
});

describe('what a program holds', () => {
  it('is listed with sizes: code, data, imports', () => {
    const table = Float64Array.from({ length: 1000 });
    const size = 1000;
    class Grid {
      at(index: number) {
        return table[index % size];
      }
    }
    const fit = (x: number) => [helper(x), new Grid().at(x), basename('x'), v.string()];
    const contents = programContents(programOf(fit).text);
    expect(contents.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'function fit',
      'function helper',
      'class Grid',
      'data task → Grid → table',
      'data Grid → size',
      'data helper → settings.steps',
      'import node:path',
      expect.stringMatching(/^import valibot@\d+\.\d+\.\d+$/),
    ]);
    expect(contents[0]?.bytes).toBeGreaterThan(40);
    expect(contents[3]?.bytes).toBeGreaterThan(8000);
    expect(contents.at(-1)?.bytes).toBe(0);
  });
});
