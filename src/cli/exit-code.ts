/** What the exit code of `tspipe` says. */
export const ExitCode = {
  DONE: 0,
  /** Some task of this run did not succeed, nothing matched, or the thing asked for could not be done. */
  FAILED: 1,
  /** Wrong usage. */
  USAGE: 2,
  /** Ctrl-C. */
  INTERRUPTED: 130,
} as const;
