import fc from 'fast-check';

const KEYS = ['a', 'b', 'c', 'ä', '10', '9', '', '$', 'v', '__proto__', 'constructor', 'toJSON', 'a b'];

/** Anything that is no container, out of few enough that equal ones turn up. */
export const scalar = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    true,
    false,
    0,
    -0,
    1,
    Number.NaN,
    Infinity,
    -Infinity,
    1e21,
    5e-324,
  ),
  fc.constantFrom<unknown>(
    '',
    '1',
    'true',
    '$',
    '\ud800',
    'a\u2028"\\',
    1n,
    0n,
    -(2n ** 70n),
    Symbol.for('k'),
  ),
  fc.double(),
  fc.string({ unit: 'binary' }),
  fc.bigInt(),
);

/** An object without children. */
export const leaf: fc.Arbitrary<object> = fc.oneof(
  fc.date({ noInvalidDate: false }),
  fc.uint8Array({ maxLength: 9 }),
  fc.float64Array({ maxLength: 4 }),
  fc.bigInt64Array({ maxLength: 4 }),
  fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes)),
  fc.uint8Array({ maxLength: 9 }).map((bytes) => new Uint8Array(bytes).buffer),
  fc.webUrl().map((href) => new URL(href)),
  fc
    .tuple(fc.constantFrom('a+', '/', '(?<x>\\n)', ''), fc.constantFrom('', 'g', 'uy', 'v'))
    .map(([source, flags]) => new RegExp(source, flags)),
);

type NodeKind = 'array' | 'object' | 'null' | 'map' | 'set' | 'error';
export type Variant = 'reversed' | 'other scalar' | 'other edge';
type Edge = readonly [key: string, target: unknown];

interface Plan {
  readonly nodes: readonly {
    readonly kind: NodeKind;
    readonly edges: readonly (readonly [string, number])[];
  }[];
  readonly leaves: readonly object[];
  readonly scalars: readonly unknown[];
}

const anything: fc.Arbitrary<Plan> = fc.record({
  nodes: nodes('array', 'object', 'object', 'null', 'map', 'set', 'error'),
  leaves: fc.array(leaf, { maxLength: 3 }),
  scalars: fc.array(scalar, { minLength: 1, maxLength: 4 }),
});

// What plain JSON can say but for sharing, circles and the key `$`.
const almostPlain: fc.Arbitrary<Plan> = fc.record({
  nodes: nodes('array', 'object'),
  leaves: fc.constant([]),
  scalars: fc.array(fc.constantFrom<unknown>(null, 0, 1, 'x'), { minLength: 1, maxLength: 4 }),
});

/**
 * Containers with edges to each other, to leaves and to scalars at random, so that sharing and circles turn up. The
 * same plan makes the same graph again; on request with the keys of objects in another order, or with one scalar or
 * one edge another.
 */
export const graph: fc.Arbitrary<(variant?: Variant) => unknown> = fc
  .oneof(anything, almostPlain)
  .map((plan) => (variant) => built(plan, variant));

function nodes(...kinds: readonly NodeKind[]): fc.Arbitrary<Plan['nodes']> {
  const edge = fc.tuple(fc.constantFrom(...KEYS), fc.nat({ max: 20 }));
  const node = fc.record({ kind: fc.constantFrom(...kinds), edges: fc.array(edge, { maxLength: 5 }) });
  return fc.array(node, { minLength: 1, maxLength: 5 });
}

function built(plan: Plan, variant: Variant | undefined): unknown {
  const made = plan.nodes.map(({ kind }) => emptyNode(kind));
  const scalars = variant === 'other scalar' ? [7, ...plan.scalars.slice(1)] : plan.scalars;
  const ends: readonly unknown[] = [...made, ...plan.leaves, ...scalars];
  plan.nodes.forEach(({ edges }, index) => {
    const shift = variant === 'other edge' && index === 0 ? 1 : 0;
    const filled = edges.map(([key, end]): Edge => [key, ends[(end + shift) % ends.length]]);
    fill(made[index], filled, variant === 'reversed');
  });
  return made[0];
}

function emptyNode(kind: NodeKind): object {
  if (kind === 'array') return [];
  if (kind === 'map') return new Map();
  if (kind === 'set') return new Set();
  if (kind === 'error') return Object.assign(new RangeError('far'), { stack: 'RangeError: far' });
  return kind === 'null' ? Object.create(null) : {};
}

function fill(target: unknown, edges: readonly Edge[], reversed: boolean): void {
  if (target instanceof Map) for (const [key, end] of edges) target.set(key === 'a' ? end : key, end);
  else if (target instanceof Set) for (const [, end] of edges) target.add(end);
  else if (Array.isArray(target)) {
    for (const [key, end] of edges) {
      if (key === '10') target.length += 2;
      else target.push(end);
    }
  } else if (target instanceof Error) Object.assign(target, { cause: edges[0]?.[1], code: 'E' });
  else defineAll(Object(target), reversed ? [...new Map(edges)].reverse() : edges);
}

function defineAll(target: object, edges: readonly Edge[]): void {
  for (const [key, value] of edges) {
    Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
  }
}
