import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Progress } from '../../src/manager/progress.ts';
import { TASK_STATES, type TaskStateName } from '../../src/model/index.ts';

/** The live line on a terminal that says it has so many columns. */
function liveLine(columns: number): string {
  const stream = new PassThrough().setEncoding('utf8');
  const counts = Object.fromEntries(TASK_STATES.map((state) => [state, 1000]));
  const terminal = Object.assign(stream, { isTTY: true, columns }) as unknown as NodeJS.WriteStream;
  new Progress('/queues/pi.sqlite', terminal).show(() => counts as Record<TaskStateName, number>);
  return String(stream.read());
}

describe('the live line of a run', () => {
  it('is cut at the width of the terminal', () => {
    expect(liveLine(40)).toHaveLength(39);
  });

  it('takes a terminal of no columns for one that does not know its width', () => {
    expect(liveLine(0)).toHaveLength(79);
  });
});
