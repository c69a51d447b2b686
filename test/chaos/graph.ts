import { Random } from './random.ts';

const KINDS = {
  sum: 40,
  overlap: 12,
  command: 12,
  broken: 3,
  flaky: 6,
  crash: 3,
  grow: 4,
  give: 5,
  ask: 3,
  settle: 4,
  slow: 1,
} as const;

export type Kind = keyof typeof KINDS;

/** One task of a random graph. */
export interface Node {
  readonly id: string;
  readonly kind: Kind;
  /** Ids of the tasks whose results it takes. */
  readonly needs: readonly string[];
  readonly ms: number;
  /** How many tasks it adds itself. */
  readonly children: number;
}

/** What becomes of a task when nothing disturbs: its value, or that it fails, or is blocked. */
export type Expected = { readonly value: number } | { readonly state: 'FAILED' | 'BLOCKED' };

/** A random graph. Tasks come after those they need; of what settles others nobody takes the result. */
export function randomGraph(seed: number, size: number): readonly Node[] {
  const random = new Random(seed);
  const nodes: Node[] = [];
  // What can never run: few tasks need it, or most of a graph would be blocked.
  const doomed = new Set<string>();
  for (let at = 0; at < size; at++) {
    const kind = random.weighted(KINDS);
    const usable = nodes.slice(-40).filter(({ id, kind: of }) => of !== 'settle' && !doomed.has(id));
    const wanted = Array.from({ length: random.below(4) }, () => random.pick(usable)?.id);
    if (random.next() < 0.04) wanted.push(random.pick([...doomed]));
    const needs = [...new Set(wanted)].filter((id) => id !== undefined);
    const ms = kind === 'slow' ? random.between(1000, 2500) : (random.pick([0, 0, 1, 5, 20, 60]) ?? 0);
    const children = ['grow', 'give', 'ask'].includes(kind) ? random.between(1, 4) : 0;
    const id = String(at);
    nodes.push({ id, kind, needs, ms, children });
    if (kind === 'broken' || (kind !== 'settle' && needs.some((need) => doomed.has(need)))) doomed.add(id);
  }
  return nodes;
}

/** The same graph run one task after the other, in this process. */
export function runSequentially(nodes: readonly Node[]): ReadonlyMap<string, Expected> {
  const done = new Map<string, Expected>();
  for (const node of nodes) done.set(node.id, expectedOf(node, done));
  return done;
}

function expectedOf(node: Node, done: ReadonlyMap<string, Expected>): Expected {
  const needed = node.needs.map((id) => done.get(id) ?? { state: 'BLOCKED' as const });
  const values = needed.flatMap((one) => ('value' in one ? [one.value] : []));
  // What it counts depends on when it looks; the judge knows.
  if (node.kind === 'settle') return { value: Number.NaN };
  if (values.length < needed.length) return { state: 'BLOCKED' };
  if (node.kind === 'broken') return { state: 'FAILED' };
  const own = mix(node.id, values);
  if (node.kind === 'grow' || node.children === 0) return { value: own };
  return {
    value: mix(
      node.id,
      childrenOf(node).map((child) => mix(child, [own])),
    ),
  };
}

/** Ids of the tasks that a task adds. */
export function childrenOf({ id, children }: Node): readonly string[] {
  return Array.from({ length: children }, (_, at) => `${id}.${at}`);
}

/** The value of a task, from those of the tasks that it needs. */
export function mix(id: string, values: readonly number[]): number {
  return values.reduce(
    (sum, value) => (sum * 31 + value) % 1_000_003,
    Number(id.replace('.', '000')) % 1_000_003,
  );
}
