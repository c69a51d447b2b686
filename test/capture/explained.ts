import type { Runner } from './runners.ts';

/** Why a function of the table does not run elsewhere; undefined for those that must. */
export function whyRefused(name: string, runner: Runner): string | undefined {
  if (name === 'dynamic import' && runner === 'tsx-cjs')
    return 'Only tsx reads ES modules in a folder of CommonJS; the Node of a worker does not, so that importing one inside a function is refused at the call. Import it by a statement of the script.';
  return undefined;
}

/** Why a function has another identity than in the first column of its table; undefined where it must be the same. */
export function whyOther(name: string, runner: Runner, isStandard = false): string | undefined {
  if (name === 'dynamic import' && /^(tsc|eval|repl)/.test(runner))
    return 'A module that is imported while a task runs does not travel: its file is what counts, and compiled it is another.';
  if (SEES_STRICTNESS.has(name) && /^(eval-cjs|repl)$/.test(runner))
    return 'Written there it is sloppy code, and it writes to members or uses `this`, where that can make a difference.';
  if (name === 'namespace' && runner === 'vitest')
    return 'vite makes a variable of an exported const of a namespace, the others a member.';
  if (name === 'import.meta')
    return 'It sees the path of its file, and each column ran in a folder of its own.';
  if (isStandard) return 'Compilers put helpers of their own into classes with standard decorators.';
  return undefined;
}

const SEES_STRICTNESS = new Set([
  'shared objects',
  'own copy of data',
  'object with a method',
  'function as class',
]);
