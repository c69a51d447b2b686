import { openSync, writeSync } from 'node:fs';

// A quick task is not worth the look.
const QUICK_SECONDS = 0.05;
const FRESH_MS = 100;

/**
 * The most memory that this process held while a task ran. The system keeps the highest mark since the process began;
 * Linux forgets it when 5 is written to clear_refs, see proc_pid_clear_refs(5). Elsewhere only the first task has one.
 */
export class PeakMemory {
  readonly #file = open();
  #forgotAt = performance.now();
  #isUsed = false;

  begin(): void {
    if (performance.now() - this.#forgotAt > FRESH_MS) this.#forget();
  }

  /** Bytes; null for a quick task, and where it cannot be told from those before. */
  end(seconds: number): number | null {
    if (seconds < QUICK_SECONDS) return null;
    if (this.#file === undefined && this.#isUsed) return null;
    this.#isUsed = true;
    const bytes = process.resourceUsage().maxRSS * 1024;
    this.#forget();
    return bytes;
  }

  #forget(): void {
    this.#forgotAt = performance.now();
    if (this.#file !== undefined) writeSync(this.#file, '5', 0);
  }
}

function open(): number | undefined {
  try {
    return openSync('/proc/self/clear_refs', 'w');
  } catch {
    return undefined;
  }
}
