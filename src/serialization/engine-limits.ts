import { PipeError } from '../errors.ts';
import { tooDeep } from './open-objects.ts';

/** Does something, and tells in our words when the engine's stack or its longest string is not enough for it. */
export function withinLimits<T>(place: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    if (/call stack/.test(cause.message)) throw tooDeep(place, cause);
    if (!/string length/.test(cause.message)) throw cause;
    const message = `${place}: its text would be longer than a JavaScript string can be. Pass it as a file.`;
    throw new PipeError('VALUE_NOT_ENCODABLE', message, { cause });
  }
}
