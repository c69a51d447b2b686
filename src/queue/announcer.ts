import { storedObject } from '../store/index.ts';
import type { ProcessRow } from '../store/index.ts';
import { isProvenDead, type ProcessIdentity } from '../util/index.ts';

interface AnnouncedSettings {
  /** Who wrote the row that announces an agent. */
  readonly announcer?: ProcessIdentity;
}

/** Who announced an agent: where it dies before it has started one, the row stands for nothing. */
export function announcerOf({ settings }: Pick<ProcessRow, 'settings'>): ProcessIdentity | undefined {
  return storedObject<AnnouncedSettings>(settings).announcer;
}

/** Whether the host of a process has booted since: then all that ran there is gone, whatever has its number now. */
export function hasBootedSince(identity: ProcessIdentity): boolean {
  return isProvenDead({ ...identity, pid: process.pid, startTime: '' });
}
