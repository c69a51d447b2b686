import { isDiskFull, log } from '../util/index.ts';

/** Tells a disk that is full, which may pass, from what ends an agent; says so once until there is room again. */
export class FullDisk {
  #isFull = false;

  isReason(error: unknown): boolean {
    if (!isDiskFull(error)) return false;
    if (!this.#isFull) log.warn(String(error));
    this.#isFull = true;
    return true;
  }

  hasRoom(): void {
    this.#isFull = false;
  }
}
