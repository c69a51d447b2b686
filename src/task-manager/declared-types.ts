import type { DeclaredTypes } from '../app/index.ts';

/** What the package reflect-metadata adds to `Reflect`; compilers write `design:paramtypes` where it is loaded. */
interface Metadata {
  getOwnMetadata(key: string, target: object, property: string | symbol): unknown;
}

/** The types that a compiler noted of the parameters of a decorated method, where one did. */
export function declaredTypesOf(target: object, property: string | symbol): DeclaredTypes | undefined {
  const reflect: object = Reflect;
  if (!hasMetadata(reflect)) return undefined;
  const types = reflect.getOwnMetadata('design:paramtypes', target, property);
  return Array.isArray(types) ? types : undefined;
}

function hasMetadata(reflect: object): reflect is Metadata {
  return 'getOwnMetadata' in reflect && typeof reflect.getOwnMetadata === 'function';
}
