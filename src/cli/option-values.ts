import { InvalidArgumentError, Option } from 'commander';

/** `-q NAME…`: names, paths and globs of queues; `withoutIt` says in words what is meant without it. */
export function queueOption(withoutIt?: string): Option {
  const text = "queues: names, paths (./q), other users' (@bob/q), globs ('sims*')";
  return new Option(
    '-q, --queue <name...>',
    withoutIt === undefined ? text : `${text} (default: ${withoutIt})`,
  );
}

/** What `--trust` says. */
export interface TrustOptions {
  readonly trust?: true | undefined;
}

/** `--trust`, for what writes to queues or runs them. */
export function trustOption(): Option {
  return new Option(
    '--trust',
    "also another user's queues, or such that their group writes to: what is in them can run as you",
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
