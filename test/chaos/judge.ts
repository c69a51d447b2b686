import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Store } from '../../src/store/index.ts';
import { inconsistencies } from '../helpers/consistent.ts';
import { childrenOf, type Expected, type Node, runSequentially } from './graph.ts';

interface Line {
  readonly word: string;
  readonly id: string;
  readonly rest: readonly string[];
}

type Report = Readonly<Record<string, { readonly state: string; readonly value?: unknown }>>;

/** What went wrong in a round, in words. Tasks appended to one file, so that the order of its lines is that in time. */
export function judge(folder: string, nodes: readonly Node[], queue: string): readonly string[] {
  const lines = readLog(folder);
  return [
    ...overlaps(lines),
    ...disorder(lines, nodes),
    ...wrongAnswers(folder, nodes),
    ...wrongRecord(queue, nodes),
  ].slice(0, 20);
}

function readLog(folder: string): Line[] {
  const text = readFileSync(join(folder, 'log'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [word = '', id = '', ...rest] = line.split(' ');
      return { word, id, rest };
    });
}

/** Runs that began while another of the same task went on, or that ended after another had begun. */
function overlaps(lines: readonly Line[]): string[] {
  const faults: string[] = [];
  const holder = new Map<string, string>();
  for (const { word, id, rest } of lines) {
    const [pid = ''] = rest;
    if (word === 'overlap') faults.push(`task ${id} ran in ${rest[1]} while it ran in ${pid}`);
    else if (word === 'begin') holder.set(id, pid);
    else if (holder.get(id) !== pid)
      faults.push(`task ${id} ended in ${pid} after it began in ${holder.get(id)}`);
  }
  return faults;
}

/** Runs that began before what they need had ended well. */
function disorder(lines: readonly Line[], nodes: readonly Node[]): string[] {
  const faults: string[] = [];
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const done = new Set<string>();
  const isDone = (id: string): boolean => {
    const node = byId.get(id);
    const own = done.has(id);
    return own && (node?.kind !== 'give' || childrenOf(node).every((child) => done.has(child)));
  };
  for (const { word, id, rest } of lines) {
    if (word === 'end' && rest.includes('ok')) done.add(id);
    const node = byId.get(id);
    if (word !== 'begin' || node === undefined || node.kind === 'settle') continue;
    for (const need of node.needs)
      if (!isDone(need)) faults.push(`task ${id} began before ${need} had ended`);
  }
  return faults;
}

function wrongAnswers(folder: string, nodes: readonly Node[]): string[] {
  if (!existsSync(join(folder, 'report.json'))) return ['there is no report'];
  const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report;
  const expected = runSequentially(nodes);
  return nodes.flatMap((node) => {
    const [found, wanted] = [report[node.id], expected.get(node.id)];
    if (found !== undefined && wanted !== undefined && isRight(node, found, { wanted, expected })) return [];
    return [`task ${node.id} (${node.kind}) is ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`];
  });
}

function isRight(
  node: Node,
  found: Report[string],
  { wanted, expected }: { wanted: Expected; expected: ReadonlyMap<string, Expected> },
): boolean {
  if ('state' in wanted) return found.state === wanted.state;
  if (found.state !== 'SUCCEEDED') return false;
  if (node.kind !== 'settle') return Number(found.value) === wanted.value;
  // It may have looked when a task that succeeded later had been killed.
  const values = found.value as readonly (number | null)[];
  return node.needs.every((id, at) => {
    const one = expected.get(id);
    return values[at] === null || (one !== undefined && 'value' in one && values[at] === one.value);
  });
}

function wrongRecord(path: string, nodes: readonly Node[]): string[] {
  const store = new Store(path);
  try {
    const faults = store.read(inconsistencies);
    const running = store.read((db) => db.all('SELECT id FROM task WHERE state IN (3, 4, 8)')).length;
    if (running > 0) faults.push(`${running} tasks are left pending, running or unknown`);
    const alive = store.read((db) => db.all('SELECT id FROM process WHERE ended IS NULL')).length;
    if (alive > 0) faults.push(`${alive} managers or agents have not ended in the record`);
    const tasks = store.read((db) => db.all('SELECT id FROM task')).length;
    const blocked = new Set(
      [...runSequentially(nodes)].flatMap(([id, one]) =>
        'state' in one && one.state === 'BLOCKED' ? [id] : [],
      ),
    );
    const wanted = nodes.reduce(
      (sum, node) => sum + 1 + (blocked.has(node.id) ? 0 : node.children) + Number(node.kind === 'give'),
      0,
    );
    if (tasks !== wanted) faults.push(`there are ${tasks} tasks, not ${wanted}`);
    return faults;
  } finally {
    store.close();
  }
}
