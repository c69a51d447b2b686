import { closeSync, fdatasyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import {
  isProvenDead,
  modeIn,
  openOwnFile,
  OWN_FILE,
  processIdentity,
  type ProcessIdentity,
} from '../util/index.ts';

// Whoever moves nothing for so long, as seen by somebody who looks, has lost the lock.
const LEASE_MS = 30_000;
// So long a name has to stand in the lock that was put over another's: who was about to commit has done so then.
const QUARANTINE_MS = 10_000;
// The same where the other is proven dead: only those who found that out at the same time are in the way.
const SHORT_QUARANTINE_MS = 500;
// To find that out, and to put one's name there, has to be quick for that.
const AT_ONCE_MS = 100;
// It takes so many looks at least: between two of them both processes may have been stopped.
const LEAST_LOOKS = 10;
const RENEW_MS = 2000;
const MOST_REFUSALS = 100;
// All texts have one length: a host may hold an old length of a file for longer than an old content.
const TEXT_BYTES = 512;

/** How long others have to be silent, and how long it takes to follow them; shorter ones are for tests. */
export interface LockTimes {
  readonly leaseMs: number;
  readonly quarantineMs: number;
}

interface Held {
  readonly file: number;
  readonly grant: string;
  text: string;
  moves: number;
  /** When it was last known to be held, in milliseconds of the monotonic clock. */
  renewedAt: number;
}

/** What this process saw in a lock of another, and for how long nothing in it has moved. */
interface Seen {
  readonly text: string;
  readonly unmovedMs: number;
  readonly at: number;
}

/** Others have the lock. */
export class LockTaken extends Error {
  override readonly name = 'LockTaken';
}

/** The lock was taken over by others, who took this process for dead. */
export class LockLost extends LockTaken {}

/**
 * One lock for processes of many hosts: a file that one of them makes (`O_EXCL`, which every network file system
 * decides on its server) and removes. It names its holder and has a number that moves. Clocks of other hosts and times
 * of files decide nothing: a lock is taken over on proof of death, or when whoever wants it has seen nothing move in it
 * for a lease, by the monotonic clock of their own; and then only after a quarantine, in which one who had just been
 * about to commit comes to an end.
 */
export class HostLock {
  readonly #path: string;
  readonly #times: LockTimes;
  readonly #identity = processIdentity();
  readonly #id = randomUUID();
  readonly #isOwn: boolean;
  #grants = 0;
  #held: Held | undefined;
  #heir: (Held & { readonly until: number }) | undefined;
  #seen: Seen | undefined;
  #refusals = 0;

  constructor(path: string, times: LockTimes = { leaseMs: LEASE_MS, quarantineMs: QUARANTINE_MS }) {
    this.#path = path;
    this.#times = times;
    this.#isOwn = modeIn(dirname(path)) === OWN_FILE;
  }

  /** Takes the lock where it is free; where it is not, takes note of who has it. Call it again and again. */
  tryTake(): boolean {
    if (this.#heir !== undefined) return this.#inherit(this.#heir);
    let file: number;
    try {
      // Without what `openOwnFile` asks of the server beside, but where a group shares the queue.
      file = this.#isOwn ? openSync(this.#path, 'wx', OWN_FILE) : openOwnFile(this.#path, 'wx');
    } catch (error) {
      this.#look();
      // SFTP has one error for all that fails (EPERM), also where a file is there already and may soon be gone.
      if (isCode(error, 'EEXIST') || this.#seen !== undefined || this.#heir !== undefined) this.#refusals = 0;
      else if (!isCode(error, 'EPERM') || ++this.#refusals > MOST_REFUSALS) throw error;
      return false;
    }
    this.#refusals = 0;
    this.#seen = undefined;
    this.#held = this.#sign(file);
    return true;
  }

  /**
   * Call often while the lock is held: moves its number now and then, so that others know that this process goes on.
   * Throws `LockLost` where they have taken it over.
   */
  renew(): void {
    const held = this.#held;
    if (held !== undefined && performance.now() - held.renewedAt > RENEW_MS) this.confirm();
  }

  /** Call before anything that counts. Throws `LockLost` where others have taken the lock over. */
  confirm(): void {
    const held = this.#held;
    if (held === undefined || readText(this.#path) !== held.text) throw new LockLost(this.#path);
    if (performance.now() - held.renewedAt > RENEW_MS) this.#move(held);
    held.renewedAt = performance.now();
  }

  release(): void {
    const held = this.#held;
    if (held === undefined) return;
    this.#held = undefined;
    closeSync(held.file);
    const isSure = performance.now() - held.renewedAt < RENEW_MS;
    if (isSure || readText(this.#path) === held.text) rmSync(this.#path, { force: true });
  }

  /** Gives back what there is. */
  close(): void {
    this.#held ??= this.#heir;
    this.#heir = undefined;
    this.release();
  }

  #sign(file: number): Held {
    const grant = `${this.#id} ${++this.#grants}`;
    const held: Held = { file, grant, text: '', moves: 0, renewedAt: 0 };
    this.#move(held);
    return held;
  }

  #move(held: Held): void {
    const { host, boot, pid, startTime } = this.#identity;
    const moves = String(held.moves++).padStart(9, '0');
    const text = JSON.stringify({ grant: held.grant, moves, host, boot, pid, startTime });
    held.text = Buffer.from(text.padEnd(TEXT_BYTES - 1)).toString('utf8', 0, TEXT_BYTES - 1);
    writeSync(held.file, `${held.text}\n`, 0);
    // The server has to have it, where others read it; to the disk it need not go.
    if (held.moves > 1) fdatasyncSync(held.file);
    held.renewedAt = performance.now();
  }

  #look(): void {
    const now = performance.now();
    const text = readText(this.#path);
    const seen = this.#seen;
    if (text === undefined || text !== seen?.text) {
      this.#seen = text === undefined ? undefined : { text, unmovedMs: 0, at: now };
    } else {
      const unmovedMs = seen.unmovedMs + Math.min(now - seen.at, this.#times.leaseMs / LEAST_LOOKS);
      this.#seen = { text, unmovedMs, at: now };
    }
    if (text === undefined) return;
    const holder = holderOf(text);
    if (holder !== undefined && isProvenDead(holder)) this.#takeOver(now, true);
    else if ((this.#seen?.unmovedMs ?? 0) >= this.#times.leaseMs) this.#takeOver(now, false);
  }

  /** Puts the own name over that of another. Two may do so at once: the later one stays. */
  #takeOver(since: number, isDead: boolean): void {
    this.#seen = undefined;
    const own = `${this.#path}.${this.#id}`;
    const heir = this.#sign(openOwnFile(own, 'w'));
    renameSync(own, this.#path);
    const now = performance.now();
    const isShort = isDead && now - since < AT_ONCE_MS;
    const wait = isShort ? Math.min(SHORT_QUARANTINE_MS, this.#times.quarantineMs) : this.#times.quarantineMs;
    this.#heir = { ...heir, until: now + wait };
  }

  #inherit(heir: Held & { readonly until: number }): boolean {
    if (readText(this.#path) !== heir.text) {
      this.#heir = undefined;
      closeSync(heir.file);
      return false;
    }
    if (performance.now() - heir.renewedAt > RENEW_MS) this.#move(heir);
    if (performance.now() < heir.until) return false;
    this.#heir = undefined;
    this.#held = heir;
    return true;
  }
}

/** The text of a lock, as the server has it now: a file that is opened afresh is asked for. */
function readText(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ESTALE')) return undefined;
    throw error;
  }
  try {
    const bytes = Buffer.alloc(TEXT_BYTES);
    const length = readSync(file, bytes, 0, TEXT_BYTES, 0);
    return bytes.toString('utf8', 0, length).replace(/\n$/, '');
  } catch (error) {
    if (isCode(error, 'ESTALE')) return undefined;
    throw error;
  } finally {
    closeSync(file);
  }
}

function holderOf(text: string): ProcessIdentity | undefined {
  try {
    const { host, boot, pid, startTime } = JSON.parse(text) as Record<string, unknown>;
    if (typeof host !== 'string' || typeof boot !== 'string' || typeof startTime !== 'string')
      return undefined;
    return Number.isSafeInteger(pid) ? { host, boot, pid: Number(pid), startTime } : undefined;
  } catch {
    // It was not written to the end yet.
    return undefined;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
