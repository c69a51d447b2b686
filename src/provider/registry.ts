import { PipeError } from '../errors.ts';
import { isPlainObject, showValue, unknownName } from '../util/index.ts';
import { LocalProvider } from './local/local.ts';
import type { Provider } from './provider.ts';

/** Makes a provider from its options. */
export type ProviderFactory = (options: Readonly<Record<string, unknown>>) => Provider;

/** A provider, its name, or a dictionary of its options (`provider`, default `local`, holding the name). */
export type ProviderChoice = Provider | string | Readonly<Record<string, unknown>>;

const factories = new Map<string, ProviderFactory>([['local', (options) => new LocalProvider(options)]]);

/** Makes a provider known by name, for scripts and for the managers that find the name in a queue. */
export function registerProvider(name: string, factory: ProviderFactory): void {
  factories.set(name, factory);
}

/**
 * The provider that an instance, a name, or a dictionary of options stands for; by default `local`.
 * Throws `NAME_UNKNOWN` for a name nobody registered and `OPTION_INVALID` for an option that is unknown or wrong.
 */
export function providerFrom(choice: ProviderChoice = {}): Provider {
  if (typeof choice === 'string') return make(choice, {});
  if (isProvider(choice)) return choice;
  if (!isPlainObject(choice)) throw notAProvider(choice);
  const { provider: name = 'local', ...options } = choice;
  if (typeof name !== 'string') throw notAProvider(name);
  return make(name, options);
}

function make(name: string, options: Readonly<Record<string, unknown>>): Provider {
  const factory = factories.get(name);
  if (factory === undefined)
    throw new PipeError('NAME_UNKNOWN', unknownName('provider', name, [...factories.keys()]));
  return factory(options);
}

function isProvider(value: unknown): value is Provider {
  return (
    typeof value === 'object' && value !== null && 'submit' in value && typeof value.submit === 'function'
  );
}

function notAProvider(value: unknown): PipeError {
  return new PipeError(
    'OPTION_INVALID',
    `provider must be a provider, the name of one, or a dictionary of options, not ${showValue(value)}.`,
  );
}
