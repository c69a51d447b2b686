import { encodePlain, type EncodedValue } from './encode.ts';
import type { Refer, Replacement } from './encode-session.ts';
import { withinLimits } from './engine-limits.ts';
import { listPlainness } from './plain.ts';

interface ListOptions {
  readonly trail: string;
  readonly refer: Refer;
}

/**
 * What `encodeValue` gives for a list that the caller made itself, in a fraction of its time, where all items are plain
 * values or ones that `refer` knows; otherwise undefined. Arguments of most calls are such lists.
 */
export function encodePlainList(
  list: readonly unknown[],
  { trail, refer }: ListOptions,
): EncodedValue | undefined {
  return withinLimits(trail, () => {
    const found = listPlainness(list);
    return found === 'special' ? encodeReferring(list, refer) : encodePlain(list, found === 'sorted');
  });
}

function encodeReferring(list: readonly unknown[], refer: Refer): EncodedValue | undefined {
  const plain: unknown[] = [];
  const referred = new Map<unknown, string>();
  for (const item of list) {
    const replacement = typeof item === 'object' && item !== null ? refer(item) : undefined;
    if (replacement === undefined) plain.push(item);
    // What is met again is written as a reference to where it was.
    else if (referred.has(item) || !isBare(replacement)) return undefined;
    else
      referred.set(
        item,
        `{"$":${JSON.stringify(`@${replacement.tag}`)},"v":${JSON.stringify(replacement.body)}}`,
      );
  }
  const found = referred.size === 0 ? 'special' : listPlainness(plain);
  if (found === 'special') return undefined;
  const encoded = list.map((item) => {
    const text = referred.get(item);
    return text === undefined ? encodePlain(item, found === 'sorted') : { text, key: text };
  });
  const text = `[${encoded.map((one) => one.text).join()}]`;
  return { text, key: found === 'sorted' ? text : `[${encoded.map((one) => one.key).join()}]`, blobs: [] };
}

/** Whether the text says all that counts, in canonical order. */
function isBare({ body, key = body, blobs = [] }: Replacement): boolean {
  return key === body && blobs.length === 0 && isFlat(body);
}

function isFlat(body: Replacement['body']): boolean {
  return typeof body !== 'object' || body === null || (Array.isArray(body) && body.every(isFlat));
}
