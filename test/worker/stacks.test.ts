import { readFileSync } from 'node:fs';
import { spawn, type TaskError } from 'tspipe';
import { expect, it } from 'vitest';
import { makePlace } from '../helpers/place.ts';

interface Unused {
  readonly it: 'moves what follows in the compiled file';
}
export type Used = Unused;

const fail = (text: string): never => {
  throw new Error(text); // inner
};

it('maps the stacks of all errors in an error to the lines of the user', async () => {
  const { queue, taskManager } = makePlace();
  const broken = taskManager().tsApp(function broken(): never {
    try {
      fail('first');
    } catch (first) {
      const second = new TypeError('second', { cause: first }); // second
      throw new AggregateError([second], 'all', { cause: [] }); // all
    }
    return fail('never');
  });
  const future = broken();
  await spawn(queue, { mode: 'no_stream' });
  const error = (await future.result().catch((thrown: unknown) => thrown)) as TaskError;
  const all = error.cause as AggregateError;
  const [second] = all.errors as TypeError[];
  expect(frames(all)).toEqual([`broken ${lineOf('all')}`]);
  expect(frames(second)).toEqual([`broken ${lineOf('second')}`]);
  expect(frames(second?.cause)).toEqual([`fail ${lineOf('inner')}`, expect.stringMatching(/^broken \d+$/)]);
});

/** Functions and lines of this file; fails where there is anything else. */
function frames(error: unknown): readonly string[] {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n').slice(1) : [];
  return lines.map((line) => {
    const [, name, file, number] = /^\s+at (\S+) \((.*):(\d+):\d+\)$/.exec(line) ?? [];
    expect(file).toBe(import.meta.filename);
    return `${name} ${number}`;
  });
}

function lineOf(comment: string): number {
  const lines = readFileSync(import.meta.filename, 'utf8').split('\n');
  return lines.findIndex((line) => line.endsWith(`; // ${comment}`)) + 1;
}
