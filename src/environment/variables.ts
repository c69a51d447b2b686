import { isPlainObject, OptionError, showValue } from '../util/index.ts';
import { Secret } from './secret.ts';

/** Variables as a user writes them. Numbers, true and false become text. */
export type VariableInput = Readonly<Record<string, string | number | boolean | Secret>>;

/** Variables as an environment holds them, in the order of their names. */
export type Variables = Readonly<Record<string, string | Secret>>;

/** Checks names and values. Throws `OPTION_INVALID`; `path` leads to the variables in the options. */
export function parseVariables(input: unknown, path: readonly string[] = []): Variables {
  if (!isPlainObject(input)) {
    throw new OptionError(
      `The variables of an environment must be an object, not ${showValue(input)}.`,
      path,
    );
  }
  const names = Object.keys(input).sort();
  return Object.fromEntries(names.map((name) => [name, parseVariable(name, input[name], [...path, name])]));
}

function parseVariable(name: string, value: unknown, path: readonly string[]): string | Secret {
  checkName(name, path);
  if (value instanceof Secret) {
    checkName(value.name, path);
    return value;
  }
  const isText = typeof value === 'string' && !value.includes('\0');
  if (isText || typeof value === 'boolean' || Number.isFinite(value)) return String(value);
  throw new OptionError(
    `The environment variable ${name} must be text without NUL, a number, true, false or a secret(), not ${showValue(value)}.`,
    path,
  );
}

function checkName(name: string, path: readonly string[]): void {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return;
  throw new OptionError(
    `${showValue(name)} is no name of an environment variable: letters, digits and _ only.`,
    path,
  );
}

const THREAD_COUNTS = new Set([
  'OMP_NUM_THREADS',
  'OMP_THREAD_LIMIT',
  'MKL_NUM_THREADS',
  'OPENBLAS_NUM_THREADS',
  'GOTO_NUM_THREADS',
  'BLIS_NUM_THREADS',
  'NUMEXPR_NUM_THREADS',
  'NUMEXPR_MAX_THREADS',
  'NUMBA_NUM_THREADS',
  'POLARS_MAX_THREADS',
  'RAYON_NUM_THREADS',
  'JULIA_NUM_THREADS',
  'VECLIB_MAXIMUM_THREADS',
  'GOMAXPROCS',
  'UV_THREADPOOL_SIZE',
]);

/** Whether a variable only says how many threads to use, which changes the speed and not the result. */
export function isThreadCountName(name: string): boolean {
  return THREAD_COUNTS.has(name);
}
