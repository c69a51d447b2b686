import { closeSync, constants, openSync, readSync, watch, writeSync } from 'node:fs';
import { OWN_FILE, openOwnFile } from '../util/index.ts';

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_RDWR, O_WRONLY } = constants;
// Without what `openOwnFile` asks of the server beside.
const APPEND = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW;
const UPDATE = O_RDWR | O_NOFOLLOW;
const DIGITS = 16;
// Whoever looks sees a commit of another host so soon, while there are some, and else later and later.
const SHORTEST_MS = 200;
const LONGEST_MS = 2000;
const GROWTH = 1.5;

/**
 * The doorbell of a queue that several hosts use: a file with the number of commits. Other hosts get no word of a
 * change, so they look, which needs no lock; processes of the same host are woken as by the other doorbell, but not for
 * each commit, since each of them needs the lock to see more.
 */
export class CommitCount {
  readonly path: string;
  /** Whether it has the rights of its folder. */
  #isMade = false;

  constructor(path: string) {
    this.path = path;
  }

  /** 0 where nobody has committed yet. */
  read(): number {
    try {
      const file = openSync(this.path, 'r');
      try {
        const bytes = Buffer.alloc(DIGITS);
        const length = readSync(file, bytes, 0, DIGITS, 0);
        const count = Number(bytes.toString('latin1', 0, length));
        return Number.isSafeInteger(count) ? count : 0;
      } finally {
        closeSync(file);
      }
    } catch {
      return 0;
    }
  }

  /** Under the lock only. That it fails (the disk is full) makes others wait for their timers. */
  write(count: number): void {
    try {
      // Opened afresh each time: a file goes to the server when it is closed.
      const file = this.#isMade ? openSync(this.path, APPEND, OWN_FILE) : openOwnFile(this.path, 'a');
      this.#isMade = true;
      closeSync(file);
      const open = openSync(this.path, UPDATE);
      try {
        writeSync(open, String(count).padStart(DIGITS, '0'), 0);
      } finally {
        closeSync(open);
      }
    } catch {
      // What was committed stands.
    }
  }

  /** Calls `wake` after commits, one call for several, until closed. */
  watch(wake: () => void): { close(): void } {
    const look = new Look(() => this.read(), wake);
    let watcher: { close(): void } | undefined;
    try {
      closeSync(openOwnFile(this.path, 'a'));
      const events = watch(this.path, { persistent: false }, () => look.soon());
      events.on('error', () => events.close());
      watcher = events;
    } catch {
      // The timer stays.
    }
    return {
      close: () => {
        watcher?.close();
        look.close();
      },
    };
  }
}

/** Looks again and again whether a number has changed. */
class Look {
  readonly #read: () => number;
  readonly #wake: () => void;
  #count: number;
  #pauseMs = SHORTEST_MS;
  #lookedAt = 0;
  #timer: NodeJS.Timeout;

  constructor(read: () => number, wake: () => void) {
    this.#read = read;
    this.#wake = wake;
    this.#count = read();
    this.#timer = this.#in(SHORTEST_MS);
  }

  /** Something has happened on this host. */
  soon(): void {
    if (this.#pauseMs === 0) return;
    this.#pauseMs = 0;
    clearTimeout(this.#timer);
    const left = this.#lookedAt + SHORTEST_MS - performance.now();
    this.#timer = this.#in(Math.max(left, SHORTEST_MS / 20));
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #in(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#look(), ms * (0.5 + Math.random())).unref();
  }

  #look(): void {
    const count = this.#read();
    const hasChanged = count !== this.#count;
    this.#count = count;
    this.#lookedAt = performance.now();
    this.#pauseMs = hasChanged
      ? SHORTEST_MS
      : Math.min(LONGEST_MS, Math.max(SHORTEST_MS, this.#pauseMs * GROWTH));
    this.#timer = this.#in(this.#pauseMs);
    if (hasChanged) this.#wake();
  }
}
