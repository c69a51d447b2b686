import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Store } from '../../src/store/index.ts';
import { makeFolder } from '../helpers/place.ts';
import { mix, type Node } from './graph.ts';
import { judge } from './judge.ts';

const node = (id: string, ...needs: string[]): Node => ({ id, kind: 'sum', needs, ms: 0, children: 0 });

it('the judge finds overlaps, disorder, wrong answers and tasks that are missing', () => {
  const folder = makeFolder();
  const path = join(folder, 'q.sqlite');
  new Store(path).close();
  const log = [
    'begin 1 20 5 1',
    'begin 0 10 1 1',
    'begin 0 11 2 2',
    'overlap 0 10 11',
    'end 0 10 3 ok',
    'end 0 11 4 ok',
    'end 1 20 6 ok',
  ];
  writeFileSync(join(folder, 'log'), `${log.join('\n')}\n`);
  const report = { 0: { state: 'SUCCEEDED', value: mix('0', []) }, 1: { state: 'SUCCEEDED', value: -1 } };
  writeFileSync(join(folder, 'report.json'), JSON.stringify(report));
  expect(judge(folder, [node('0'), node('1', '0')], path)).toEqual([
    'task 0 ran in 11 while it ran in 10',
    'task 0 ended in 10 after it began in 11',
    'task 1 began before 0 had ended',
    expect.stringMatching(/^task 1 \(sum\) is .*-1/),
    'there are 0 tasks, not 2',
  ]);
});
