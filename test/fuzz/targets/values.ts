import fc from 'fast-check';
import { decodeValue, encodeValue } from '../../../src/serialization/index.ts';
import { graph } from '../../serialization/arbitrary-value.ts';
import { mutateText } from '../mutate-text.ts';
import { mutateTree, type Tree } from '../mutate-tree.ts';
import { readOrRefuse } from '../refusals.ts';
import { demand, type Target } from '../target.ts';

/** Texts of values: what an app was given, what it returned, what was captured. */
export function values(): Target {
  const texts = fc.sample(graph, { numRuns: 500, seed: 1 }).map((make) => encodeValue(make()).text);
  const trees = texts.map((text) => JSON.parse(text) as Tree);
  return {
    input(random) {
      const at = random.below(texts.length);
      if (random.below(4) === 0) return mutateText(random, texts[at] ?? '', texts);
      return JSON.stringify(mutateTree(random, trees[at] ?? null, trees));
    },
    read(input) {
      const read = readOrRefuse(() => decodeValue(input));
      if (read === undefined) return false;
      const { text } = encodeValue(read.value);
      demand(encodeValue(decodeValue(text)).text === text, `${text} is not what it is read as`);
      return true;
    },
  };
}
