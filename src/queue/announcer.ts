import type { ProcessRow } from '../store/index.ts';
import type { ProcessIdentity } from '../util/index.ts';

interface AnnouncedSettings {
  /** Who wrote the row that announces an agent. */
  readonly announcer?: ProcessIdentity;
}

/** Who announced an agent: where it dies before it has started one, the row stands for nothing. */
export function announcerOf({ settings }: Pick<ProcessRow, 'settings'>): ProcessIdentity | undefined {
  return (JSON.parse(settings) as AnnouncedSettings).announcer;
}
