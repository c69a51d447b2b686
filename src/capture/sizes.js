import { PipeError } from '../errors.ts';
import { shownTrail } from './refusal.ts';
const LARGEST_BYTES = 64 * 1024 * 1024;
/** Adds up how much data a program carries. */
export class SizeLimit {
  #bytes = 0;
  get bytes() {
    return this.#bytes;
  }
  /** @throws `CAPTURE_TOO_LARGE` above 64 MiB. */
  add(bytes, trail) {
    this.#bytes += bytes;
    if (this.#bytes <= LARGEST_BYTES) return;
    throw new PipeError(
      'CAPTURE_TOO_LARGE',
      `${shownTrail(trail())}: captured data comes to more than 64 MB (${this.#bytes} bytes up to here). Write it to a file and pass its path, or read it inside the function.`,
    );
  }
}
//# sourceMappingURL=sizes.js.map
