import { PipeError } from '../errors.ts';

/** The way from the captured function to something it refers to: `['fraction', 'helper', 'params.n']`. */
export type Trail = readonly string[];

/** A trail as messages show it: `fraction → helper → params.n`. */
export function shownTrail(trail: Trail): string {
  return trail.join(' → ');
}

/** One step on inside the value that a trail ends at. */
export function memberTrail(trail: Trail, key: string): Trail {
  const shown = /^[\p{ID_Start}$_#][\p{ID_Continue}$]*$/u.test(key)
    ? `.${key}`
    : /^\d+$/.test(key)
      ? `[${key}]`
      : `[${JSON.stringify(key)}]`;
  return [...trail.slice(0, -1), `${trail.at(-1) ?? ''}${shown}`];
}

/** The error for what cannot travel. `what` and `cure` are sentences without a full stop. */
export function refusal(trail: Trail, what: string, cure: string, cause?: unknown): PipeError {
  const options = cause === undefined ? undefined : { cause };
  return new PipeError('CAPTURE_REFUSED', `${shownTrail(trail)}: ${what}. ${cure}.`, options);
}
