import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  MarkedProcesses,
  proportionalBytes,
  residentBytes,
  showBytes,
  WORKER_MARK,
  withoutMark,
} from '../../src/util/index.ts';
import { isRunning, until } from '../helpers/processes.ts';

/** A shell with a child in a session of its own, both with the mark; their process ids. */
async function marked(mark: string): Promise<number[]> {
  const env = { ...process.env, [WORKER_MARK]: mark };
  const shell = spawn('bash', ['-c', 'setsid sleep 1000 & echo $!; wait'], { env });
  onTestFinished(() => void shell.kill('SIGKILL'));
  const [text] = (await once(shell.stdout, 'data')) as [Buffer];
  return [shell.pid ?? 0, Number(text)];
}

describe('the processes of a mark', () => {
  it('are found whatever their session, and ended, and no others', async () => {
    const processes = new MarkedProcesses();
    const mark = `test-${process.pid}`;
    expect(processes.find().has(mark)).toBe(false);
    const [mine, others] = [await marked(mark), await marked(`${mark}-other`)];
    await until('both are found', () => processes.find().get(mark)?.length === 2);
    expect([...(processes.find().get(mark) ?? [])].sort()).toEqual([...mine].sort());
    expect(processes.end(mark)).toBe(2);
    await until('they are gone', () => !mine.some(isRunning));
    expect(others.every(isRunning)).toBe(true);
    expect(processes.end(`${mark}-other`)).toBe(2);
    expect(processes.end('')).toBe(0);
  });

  it('are not those that are started without it', () => {
    expect(withoutMark({ A: '1', [WORKER_MARK]: 'x' })).toEqual({ A: '1' });
  });
});

describe('the memory of processes', () => {
  it('is about what they hold; of those that are gone nothing', () => {
    const { rss } = process.memoryUsage();
    expect(residentBytes([process.pid])).toBeGreaterThan(rss / 2);
    expect(residentBytes([process.pid])).toBeLessThan(rss * 2);
    expect(proportionalBytes([process.pid])).toBeLessThan(rss * 2);
    expect(residentBytes([2 ** 30])).toBe(0);
    expect(proportionalBytes([2 ** 30])).toBe(0);
  });

  it.each([
    [812_400_000, '812 MB'],
    [1_337_000_000, '1.34 GB'],
    [64_000_000_000, '64 GB'],
  ])('%i is shown as %s', (bytes, text) => expect(showBytes(bytes)).toBe(text));
});
