import { PipeError } from '../errors.ts';
import { DEPTH_LIMIT } from './format.ts';
import { refusal } from './refusal.ts';
import type { Trail } from './trail.ts';

/** Numbers the objects of a value in the order in which they begin, and knows which have not ended. */
export class OpenObjects {
  readonly #numbers = new Map<object, number>();
  readonly #open: number[] = [];
  readonly #trail: Trail;
  #floor = 0;

  constructor(trail: Trail) {
    this.#trail = trail;
  }

  /** The number of an object that was met before; otherwise it begins here, until `leave`. */
  enter(value: object): number | undefined {
    const number = this.#numbers.get(value);
    if (number === undefined) {
      if (this.#open.length >= DEPTH_LIMIT) throw tooDeep(this.#trail);
      this.#open.push(this.#numbers.size);
      this.#numbers.set(value, this.#numbers.size);
      return undefined;
    }
    const place = this.#floor === 0 ? -1 : this.#open.indexOf(number);
    if (place === -1 || place >= this.#floor) return number;
    throw refusal(this.#trail, {
      what: 'an instance of a registered class holds itself or what holds it, which its decode could not make',
      cure: 'Leave the way back out of its encode, and set it in decode',
    });
  }

  leave(): void {
    this.#open.pop();
  }

  /** Writes data that has to be complete before what is open now can be made from it. */
  closed(write: () => void): void {
    const before = this.#floor;
    this.#floor = this.#open.length;
    write();
    this.#floor = before;
  }
}

/** The error for a value that is nested too deep. */
export function tooDeep(place: Trail | string, cause?: unknown): PipeError {
  const message = `${place}: nested deeper than ${DEPTH_LIMIT} levels. Flatten it, for instance a linked list to an array.`;
  return new PipeError('VALUE_TOO_DEEP', message, cause === undefined ? undefined : { cause });
}
