import { symbolPath } from './intrinsics.ts';

/** Under this key stands what a function or its prototype inherits from, where its text does not say that. */
export const PARENT_KEY = '@@parent';

/** Under this key stands something where the prototype of a function has no `constructor` of its own. */
export const BARE_KEY = '@@bare';

/** What the value of a private static field stands under, before its name. */
export const PRIVATE_KEY = '@@private:';

/** A key of a property as text; undefined for a symbol that only this process has. */
export function keyText(key: string | symbol): string | undefined {
  if (typeof key === 'string') return key.startsWith('@@') ? `@@string:${key}` : key;
  const path = symbolPath(key);
  if (path !== undefined) return `@@${path.join('.')}`;
  const shared = Symbol.keyFor(key);
  return shared === undefined ? undefined : `@@for:${shared}`;
}

/** The key that `keyText` gave a text for. */
export function keyOfText(text: string): PropertyKey {
  if (!text.startsWith('@@')) return text;
  if (text.startsWith('@@string:')) return text.slice('@@string:'.length);
  if (text.startsWith('@@for:')) return Symbol.for(text.slice('@@for:'.length));
  const known: unknown = Reflect.get(Symbol, text.slice('@@Symbol.'.length));
  return typeof known === 'symbol' ? known : text;
}
