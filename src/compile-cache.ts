import { lstatSync, mkdirSync } from 'node:fs';
import { enableCompileCache, getCompileCacheDir } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Has Node keep what it compiles from here on for the next start, which saves 10 ms each time. For our own programs,
 * before they load the rest of them; what tasks import in a worker is kept as well.
 *
 * It lies in `tspipe-<user id>` below the system's temporary folder. `NODE_COMPILE_CACHE` names another folder, and
 * `NODE_DISABLE_COMPILE_CACHE=1` keeps nothing.
 */
export function useCompileCache(): void {
  // Coverage is less exact for what was kept.
  if (getCompileCacheDir() !== undefined || process.env.NODE_V8_COVERAGE !== undefined) return;
  const folder = ownFolder();
  if (folder === undefined) return;
  // The folders that Node makes in it; its files are closed to others by themselves.
  const umask = process.umask(0o077);
  enableCompileCache(folder);
  process.umask(umask);
}

/** Undefined where somebody else could put something there: what is kept is run. */
function ownFolder(): string | undefined {
  const user = process.getuid?.();
  if (user === undefined) return undefined;
  const folder = join(tmpdir(), `tspipe-${user}`);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch {
    // It is there, or cannot be made.
  }
  const found = lstatSync(folder, { throwIfNoEntry: false });
  const isOurs = found?.isDirectory() === true && found.uid === user && (found.mode & 0o077) === 0;
  return isOurs ? folder : undefined;
}
