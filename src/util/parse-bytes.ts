import { PipeError } from '../errors.ts';
import { showValue } from './text.ts';

const DECIMAL = ['b', 'kb', 'mb', 'gb', 'tb', 'pb'];
const BINARY = ['b', 'kib', 'mib', 'gib', 'tib', 'pib'];

/**
 * An amount of memory in bytes: a number of bytes, or text such as `'16 GB'` (decimal: 10^9), `'1.5 GiB'`
 * (binary: 2^30), `'512MB'`. `where` names the option in the error.
 * Throws `OPTION_INVALID`, also for `'16G'`, which is 16 GB to some tools and 16 GiB to others.
 */
export function parseBytes(value: string | number, where = 'memory'): number {
  const bytes = typeof value === 'string' ? bytesOf(value) : value;
  if (bytes !== undefined && bytes >= 0 && Number.isSafeInteger(bytes)) return bytes;
  throw new PipeError(
    'OPTION_INVALID',
    `${where} must be a number of bytes or text like "16 GB" or "16 GiB", not ${showValue(value)}.`,
  );
}

function bytesOf(text: string): number | undefined {
  const [, amount, unit = 'b'] = /^(\d+(?:\.\d+)?)\s*([a-z]+)?$/i.exec(text.trim()) ?? [];
  if (amount === undefined) return undefined;
  const decimal = DECIMAL.indexOf(unit.toLowerCase());
  const binary = BINARY.indexOf(unit.toLowerCase());
  if (decimal < 0 && binary < 0) return undefined;
  return Math.round(Number(amount) * (decimal >= 0 ? 1000 ** decimal : 1024 ** binary));
}
