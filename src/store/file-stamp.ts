import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** What tells whether the file of a queue and its log still are what they were. See sqlite.org/fileformat2.html. */
export interface FileStamp {
  readonly file: string;
  /** Size, time of change, and the count of changes that is kept without a log. */
  readonly content: string;
  /** Whether a change from now on is sure to have a later time than the last one. */
  readonly isSettled: boolean;
  /** Which log, and since when: its header has new salts whenever it is begun anew. Undefined where there is none. */
  readonly log: string | undefined;
  /** Size of the log and the time of its last change. */
  readonly logContent: string;
  /** Without a log: somebody is in the middle of a change, or died there. */
  readonly isInTransaction: boolean;
}

const LOG_HEADER = 32;
// Times of change are those of the kernel's last tick.
const TICK_NS = 20_000_000n;
const JOURNAL_MAGIC = 'd9d505f920a163d7';

export function stampOf(path: string): FileStamp {
  const now = BigInt(Date.now()) * 1_000_000n;
  const { stat, head } = look(path, 28) ?? {};
  const log = look(`${path}-wal`, LOG_HEADER);
  const journal = look(`${path}-journal`, 8);
  return {
    file: `${stat?.dev}:${stat?.ino}`,
    content: `${stat?.size}:${stat?.mtimeNs}:${head?.subarray(24).toString('hex')}`,
    isSettled: now - (stat?.mtimeNs ?? 0n) > TICK_NS,
    log:
      log?.head.length === LOG_HEADER
        ? `${log.stat.dev}:${log.stat.ino}:${log.head.toString('hex')}`
        : undefined,
    logContent: `${log?.stat.size}:${log?.stat.mtimeNs}`,
    isInTransaction: journal?.head.toString('hex') === JOURNAL_MAGIC,
  };
}

/** Whether what was copied between two stamps is one state: the file, and after it the log. */
export function isOneState(before: FileStamp, after: FileStamp): boolean {
  if (before.file !== after.file || before.log !== after.log || after.isInTransaction) return false;
  if (before.log !== undefined) return true;
  return before.content === after.content && before.isSettled;
}

/** Whether nothing at all has changed between two stamps, as far as times of change tell. */
export function isUnchanged(before: FileStamp, after: FileStamp): boolean {
  const parts = ({ file, content, log, logContent }: FileStamp) => [file, content, log, logContent].join();
  return before.isSettled && parts(before) === parts(after);
}

interface Look {
  readonly stat: {
    readonly dev: bigint;
    readonly ino: bigint;
    readonly size: bigint;
    readonly mtimeNs: bigint;
  };
  readonly head: Buffer;
}

function look(path: string, length: number): Look | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const head = Buffer.alloc(length);
    const count = readSync(file, head, 0, length, 0);
    return { stat: fstatSync(file, { bigint: true }), head: head.subarray(0, count) };
  } finally {
    closeSync(file);
  }
}
