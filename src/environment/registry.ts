import { PipeError } from '../errors.ts';
import { unknownName } from '../util/index.ts';
import type { EnvironmentOptions } from './parts.ts';

const factories = new Map<string, () => EnvironmentOptions>([['base', () => ({})]]);

/**
 * Makes an environment known under a name; a later one of the same name replaces it. A function is called each time
 * the name is used.
 *
 * @example
 * registerEnvironment('cluster', { data: { SCRATCH: '/scratch' }, command: 'module load gcc' });
 * new Environment('cluster');
 */
export function registerEnvironment(
  name: string,
  environment: EnvironmentOptions | (() => EnvironmentOptions),
): void {
  factories.set(name, typeof environment === 'function' ? environment : () => environment);
}

/** What a registered environment holds. Throws `NAME_UNKNOWN` with the nearest name. */
export function registeredEnvironment(name: string): EnvironmentOptions {
  const factory = factories.get(name);
  if (factory === undefined) {
    throw new PipeError('NAME_UNKNOWN', unknownName('Environment', name, factories.keys()));
  }
  return factory();
}
