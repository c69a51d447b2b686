import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Makes the names in a directory survive a power cut: what was made in it is lost without, however well it was synced. */
export function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
