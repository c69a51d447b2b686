import { spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A pipe of which all that a command starts inherits an end, unless it closes what it inherits: where nobody has one
 * when the command has ended, nothing of it is left. That is many times quicker than looking at the processes.
 */
export class Hold {
  /** The end for reading, which another process may inherit to make a hold of it as well. */
  readonly reader: number;

  constructor(reader: number) {
    this.reader = reader;
  }

  /** A new one; undefined where none can be had: no temporary folder, no `mkfifo`, or no /proc that shows pipes. */
  static make(): Hold | undefined {
    if (process.platform !== 'linux') return undefined;
    let folder: string | undefined;
    try {
      folder = mkdtempSync(join(tmpdir(), 'tspipe-'));
      const path = join(folder, 'hold');
      spawnSync('mkfifo', ['-m', '600', path], { stdio: 'ignore' });
      const hold = new Hold(openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
      closeSync(hold.open());
      return hold;
    } catch {
      return undefined;
    } finally {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    }
  }

  /** An end for a command, to be closed here once the command has started. Nobody who writes to it has to wait. */
  open(): number {
    return openSync(`/proc/self/fd/${this.reader}`, constants.O_WRONLY | constants.O_NONBLOCK);
  }

  get isHeld(): boolean {
    try {
      while (readSync(this.reader, SCRAP) > 0);
      return false;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return true;
      throw error;
    }
  }
}

const SCRAP = Buffer.alloc(4096);
