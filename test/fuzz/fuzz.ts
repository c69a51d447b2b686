import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../chaos/random.ts';
import { Prototypes } from './prototypes.ts';
import type { Target } from './target.ts';

/** An input that was not read as it should be. */
export interface Find {
  readonly input: string;
  readonly error: string;
}

export interface Outcome {
  readonly inputs: number;
  /** How many got past the door. */
  readonly accepted: number;
  readonly finds: readonly Find[];
}

export interface Wish {
  readonly seed: number;
  readonly count: number;
  /** Is told of every input before it is read. */
  readonly before: (input: string) => void;
}

// One fault has many inputs.
const MOST_FINDS = 5;

/** Has a target read inputs; those of a seed are the same every time. */
export async function fuzz(target: Target, { seed, count, before }: Wish): Promise<Outcome> {
  const random = new Random(seed);
  const inputs = {
    *[Symbol.iterator]() {
      for (let left = count; left > 0; left--) yield target.input(random);
    },
  };
  return await readAll(target, inputs, before);
}

/** Has a target read what was found earlier. */
export async function replay(target: Target, name: string): Promise<Outcome> {
  return await readAll(target, corpusOf(name), () => undefined);
}

async function readAll(
  target: Target,
  inputs: Iterable<string>,
  before: (input: string) => void,
): Promise<Outcome> {
  const prototypes = new Prototypes();
  const finds: Find[] = [];
  let accepted = 0;
  let count = 0;
  for (const input of inputs) {
    count++;
    before(input);
    try {
      if (await target.read(input)) accepted++;
      const changed = count % 64 === 0 ? prototypes.changed() : undefined;
      if (changed !== undefined)
        throw new Error(`${changed} was changed, by this input or one shortly before`);
    } catch (error) {
      finds.push({ input, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      if (finds.length === MOST_FINDS) break;
    }
  }
  return { inputs: count, accepted, finds };
}

/** The inputs that were finds once, a file each. */
function corpusOf(name: string): string[] {
  const folder = join(import.meta.dirname, 'corpus', name);
  return names(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
