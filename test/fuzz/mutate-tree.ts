import type { Random } from '../chaos/random.ts';

/** What JSON can say. */
export type Tree = null | boolean | number | string | Tree[] | { [key: string]: Tree };

const SCALARS: readonly Tree[] = [
  null,
  true,
  false,
  0,
  1,
  -1,
  0.5,
  3,
  4_294_967_295,
  4_294_967_296,
  2 ** 53,
  1e308,
  '',
  'a',
  '__proto__',
  'x'.repeat(300),
  '../../x',
  '\0',
  '\u001b[2J',
];

const KEYS = ['__proto__', 'constructor', 'prototype', 'toString', '', '$', 'v', 'then', 'length', '0'];

/** Changes one to three places of a tree; `pool` gives what is put in beside plain scalars. */
export function mutateTree(random: Random, tree: Tree, pool: readonly Tree[]): Tree {
  let changed = tree;
  for (let left = random.between(1, 3); left > 0; left--) changed = changeOnce(random, changed, pool);
  return changed;
}

/** Goes down at random, and changes what it comes to. */
function changeOnce(random: Random, tree: Tree, pool: readonly Tree[]): Tree {
  const keys = isBranch(tree) ? Object.keys(tree) : [];
  if (!isBranch(tree) || keys.length === 0 || random.below(4) === 0) return changeHere(random, tree, pool);
  const key = random.pick(keys) ?? '';
  if (random.below(6) === 0) return changeKeys(random, tree, key, pool);
  return withItem(tree, key, changeOnce(random, Reflect.get(tree, key) as Tree, pool));
}

function changeHere(random: Random, tree: Tree, pool: readonly Tree[]): Tree {
  switch (random.below(6)) {
    case 0:
      return [tree];
    case 1:
      return { [random.pick(KEYS) ?? 'v']: tree };
    case 2:
      return [tree, tree];
    case 3:
      return random.pick(SCALARS) ?? null;
    case 4:
      return typeof tree === 'number' ? tree + random.between(-2, 2) : (random.pick(pool) ?? null);
    default:
      return random.pick(pool) ?? null;
  }
}

function changeKeys(random: Random, tree: Branch, key: string, pool: readonly Tree[]): Tree {
  if (Array.isArray(tree)) {
    const at = Number(key);
    if (random.below(2) === 0) return tree.toSpliced(at, 1);
    return tree.toSpliced(at, 0, random.pick(pool) ?? null);
  }
  const { [key]: item = null, ...rest } = tree;
  if (random.below(2) === 0) return rest;
  return withItem(rest, random.pick(KEYS) ?? '', item);
}

type Branch = Tree[] | { [key: string]: Tree };

function isBranch(tree: Tree): tree is Branch {
  return typeof tree === 'object' && tree !== null;
}

/** A key `__proto__` becomes an own one, as JSON.parse makes it. */
function withItem(tree: Branch, key: string, item: Tree): Tree {
  if (Array.isArray(tree)) return tree.with(Number(key), item);
  return Object.fromEntries([...Object.entries(tree).filter(([name]) => name !== key), [key, item]]);
}
