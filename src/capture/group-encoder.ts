import { PipeError } from '../errors.ts';
import type { AnyFunction } from './any-function.ts';
import type { BuildContext, EncodedGroup, PlaceholderValue } from './build-context.ts';
import type { KnownValue, Placeholder } from './hooks.ts';
import { wellKnownLink } from './native-links.ts';
import type { DataGroup, KnownClass, Link } from './nodes.ts';
import { KNOWN_TAG, LINK_TAG } from './placeholders.ts';
import { shownTrail, type Trail } from './refusal.ts';

export type FunctionLink = (fn: AnyFunction, trail: Trail) => Link;

/** What an island makes of functions and classes that data holds. */
export interface GroupLinks {
  readonly functionLink: FunctionLink;
  readonly onClass: (known: KnownClass, trail: Trail) => void;
}

/** Hands data to the codec, with placeholders for functions and for values of the layers above. */
export class GroupEncoder {
  readonly #context: BuildContext;
  readonly #links: GroupLinks;

  constructor(context: BuildContext, links: GroupLinks) {
    this.#context = context;
    this.#links = links;
  }

  /** Encodes a group, or takes what it was when it was first encoded. */
  encode(group: DataGroup): void {
    const { encoded, placeholders, classes } = this.#context.snapshots.group(group.roots, () =>
      this.#encoded(group),
    );
    for (const { known, trail } of classes) this.#links.onClass(known, [trail]);
    group.encoded = encoded;
    group.links = placeholders.map((placeholder) => this.#placeholderLink(placeholder));
    const bytes = encoded.blobs.reduce((sum, blob) => sum + blob.byteLength, encoded.text.length);
    this.#context.sizes.add(bytes, () => group.trail);
  }

  #placeholderLink(placeholder: PlaceholderValue): Link {
    if ('root' in placeholder) return { kind: 'part', root: placeholder.root };
    const { value, trail } = placeholder;
    if (typeof value === 'function') return this.#links.functionLink(value, [trail]);
    return wellKnownLink(value) ?? { kind: 'inline', value: null };
  }

  #encoded(group: DataGroup): EncodedGroup {
    const placeholders: PlaceholderValue[] = [];
    const classes: EncodedGroup['classes'][number][] = [];
    const onClass = (known: KnownClass, trail: string): void => void classes.push({ known, trail });
    const replace = (value: object, trail: string): Placeholder | undefined => {
      const known = knownValue(this.#context, value, [trail]);
      if (known !== undefined) return this.#knownPlaceholder(known, placeholders);
      if (typeof value !== 'function' && wellKnownLink(value) === undefined) return undefined;
      placeholders.push({ value, trail });
      return { tag: LINK_TAG, body: placeholders.length - 1 };
    };
    const [first] = group.roots;
    const value = group.roots.length === 1 ? first : group.roots;
    try {
      const encoded = this.#context.hooks.encode(value, {
        trail: shownTrail(group.trail),
        replace,
        onClass,
      });
      return { roots: [...group.roots], encoded, placeholders, classes };
    } catch (cause) {
      throw asRefusal(cause);
    }
  }

  #knownPlaceholder(
    { tag, body, key, parts = [] }: KnownValue,
    placeholders: PlaceholderValue[],
  ): Placeholder {
    const numbers = parts.map((part) => {
      placeholders.push({ root: this.#context.part(part) });
      return placeholders.length - 1;
    });
    const counts = key === undefined ? {} : { key: { tag, body: key, parts: numbers } };
    return { tag: KNOWN_TAG, body: { tag, body, parts: numbers }, ...counts };
  }
}

/** What travels for a value that the layers above know; undefined for all others. */
export function knownValue(
  { hooks, snapshots }: BuildContext,
  value: object,
  trail: Trail,
): KnownValue | undefined {
  return snapshots.known(value, () => hooks.replace?.(value, shownTrail(trail)));
}

function asRefusal(cause: unknown): unknown {
  if (!(cause instanceof PipeError) || !cause.code.startsWith('VALUE_')) return cause;
  return new PipeError('CAPTURE_REFUSED', cause.message, { cause });
}
