const LONGEST = 200;

/**
 * The candidate that `word` is most likely a slip of, or undefined when none is close.
 * Case, `_` and `-` count nothing, so that `max_workers` finds `maxWorkers`; one may be the start of the other.
 */
export function nearestName(word: string, candidates: Iterable<string>): string | undefined {
  // To compare takes the product of both lengths.
  if (word.length > LONGEST) return undefined;
  const wanted = normalize(word);
  const names = [...candidates].filter((name) => name.length <= LONGEST);
  let nearest: string | undefined;
  let smallest = Infinity;
  for (const candidate of names) {
    const name = normalize(candidate);
    const distance = editDistance(wanted, name);
    const tolerated = Math.max(1, Math.floor(Math.max(wanted.length, name.length) / 3));
    if (distance < smallest && distance <= tolerated && distance < name.length) {
      nearest = candidate;
      smallest = distance;
    }
  }
  return nearest ?? names.find((name) => sharesStart(wanted, normalize(name)));
}

/** What to say of a name nobody knows: `Provider "locl" is unknown. Did you mean "local"?` */
export function unknownName(kind: string, word: string, candidates: Iterable<string>): string {
  const known = [...candidates];
  const nearest = nearestName(word, known);
  const hint =
    nearest !== undefined
      ? ` Did you mean "${nearest}"?`
      : known.length > 0
        ? ` Known: ${known.sort().join(', ')}.`
        : '';
  return `${kind} "${word}" is unknown.${hint}`;
}

function sharesStart(a: string, b: string): boolean {
  return Math.min(a.length, b.length) >= 3 && (a.startsWith(b) || b.startsWith(a));
}

function normalize(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '');
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        substitution,
        at(last, j) + 1,
        at(row, j - 1) + 1,
        swap ? at(beforeLast, j - 2) + 1 : Infinity,
      );
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
