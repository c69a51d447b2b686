import { InvalidArgumentError, Option } from 'commander';

/** `-q NAME…`: names, paths and globs of queues; `withoutIt` says in words what is meant without it. */
export function queueOption(withoutIt?: string): Option {
  const text = "queues: names, paths (./q), other users' (@bob/q), globs ('sims*')";
  return new Option(
    '-q, --queue <name...>',
    withoutIt === undefined ? text : `${text} (default: ${withoutIt})`,
  );
}

/** A number of seconds above 0. */
export function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError('It must be a number of seconds above 0.');
  }
  return value;
}

/** A whole number above 0. */
export function count(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || !Number.isSafeInteger(value)) {
    throw new InvalidArgumentError('It must be a whole number above 0.');
  }
  return value;
}
