import type { AnyFunction } from './any-function.ts';
import { type ImportBinding, importOf } from './import-table.ts';
import { requireFor } from './module-services.ts';
import type { Link, UnitNode } from './nodes.ts';
import { originOf, packageUse } from './packages.ts';
import type { SourceFile } from './source-file.ts';
import type { Variables } from './variables.ts';

/** Where a function of a package is looked for: the imports of the files that functions were met in. */
export interface MetFiles {
  readonly units: Iterable<UnitNode>;
  readonly variables: Variables;
}

/** The import by which a function of a package is known in a file that was met; undefined where there is none. */
export function packageLink(fn: AnyFunction, url: string, { units, variables }: MetFiles): Link | undefined {
  const wanted = packageUse(url, undefined).name;
  for (const { file, fn: inside } of oneOfEach(units)) {
    for (const variable of file.moduleVariables()) {
      const binding = importOf(variable, file);
      if (binding === undefined || packageUse(binding.specifier, file.path).name !== wanted) continue;
      if (originOf(binding.specifier, file.path) !== 'package') continue;
      const found = variables.value(inside, variable.name);
      const value = found.state === 'set' ? found.value : requiredValue(binding, file);
      const path = pathTo(fn, value);
      if (path === undefined) continue;
      const isFlagged = binding.interop === 'babel';
      return { kind: 'import', binding: { ...binding, path: [...binding.path, ...path] }, file, isFlagged };
    }
  }
  return undefined;
}

function oneOfEach(units: Iterable<UnitNode>) {
  const found = new Map<SourceFile, AnyFunction>();
  for (const { fn, facts } of units) found.set(facts.place.file, fn);
  return [...found].map(([file, fn]) => ({ file, fn }));
}

/** Compilers import into variables that no function uses and so the engine forgets. */
function requiredValue({ specifier, path }: ImportBinding, file: SourceFile): unknown {
  try {
    const module: unknown = requireFor(file.path ?? null)(specifier);
    return path.reduce((value, key) => Reflect.get(Object(value), key), module);
  } catch {
    return undefined;
  }
}

function pathTo(fn: AnyFunction, value: unknown): readonly string[] | undefined {
  if (value === fn) return [];
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
  const key = Object.keys(value).find((one) => Object.is(memberOf(value, one), fn));
  return key === undefined ? undefined : [key];
}

/** Compilers export by getters, which give a variable. */
function memberOf(module: object, key: string): unknown {
  try {
    return Reflect.get(module, key);
  } catch {
    return undefined;
  }
}
