import { isBuiltin } from 'node:module';
import type { FreeName } from './free-names.ts';
import { isStandardGlobal } from './intrinsics.ts';
import type { Link } from './nodes.ts';
import type { SourceFile } from './source-file.ts';
import { refusal, type Trail } from './refusal.ts';

/** @throws `CAPTURE_REFUSED` for `globalThis.name` where the script gave it that member: a worker has no such one. */
export function checkGlobalMembers({ name, variable, uses }: FreeName, trail: Trail): void {
  if (variable !== undefined || (name !== 'globalThis' && name !== 'global')) return;
  // What the function itself puts there it finds again.
  const own = new Set(uses.flatMap(({ path, isWritten }) => (isWritten && path.length === 1 ? path : [])));
  const met = uses.flatMap(({ path }) => path.slice(0, 1));
  const member = met.find((key) => !own.has(key) && Object.hasOwn(globalThis, key) && !isStandardGlobal(key));
  if (member === undefined) return;
  throw refusal(
    [...trail.slice(0, -1), `${name}.${member}`],
    'the script put it on the global object, and the one of a worker does not have it',
    `Name it ${member} alone, or put it into a variable of the script`,
  );
}

/** `fs` and the like, which `node -e` and a REPL have as globals. All other globals the worker has by itself. */
export function globalModuleLink(name: string, file: SourceFile): Link | undefined {
  if (!isBuiltin(name) || name === 'process' || name === 'console') return undefined;
  // A prompt may have a context of its own, where they are; what is found there is not looked for here.
  const isTyped = file.path === undefined && !Object.hasOwn(globalThis, name);
  const isModule = isTyped || Reflect.get(globalThis, name) === process.getBuiltinModule(name);
  return isModule ? { kind: 'builtin', specifier: `node:${name}`, path: [] } : undefined;
}
