import { execFile } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BIN, type CliResult } from '../cli/run-cli.ts';

/** Users of a test, who need no entry in the list of users, and their groups. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Whether this process may become other users, who then can read this package. */
export const canBeOthers = process.getuid?.() === 0 && othersMayRead(ROOT) && othersMayRead(process.execPath);

function othersMayRead(path: string): boolean {
  const parent = dirname(path);
  return (statSync(path).mode & 0o005) === 0o005 && (parent === path || othersMayRead(parent));
}

/** A folder of a user below one that everybody may pass. */
export function folderOf({ uid, gid }: User, parent: string, mode = 0o755): string {
  chmodSync(parent, 0o755);
  const folder = join(parent, `of-${uid}`);
  mkdirSync(folder, { recursive: true });
  chownSync(folder, uid, gid);
  chmodSync(folder, mode);
  return folder;
}

/** Runs the command as another user, under a umask. */
export function cliAs(user: User, words: readonly string[], options: RunOptions): Promise<CliResult> {
  return nodeAs(user, [BIN, ...words], options);
}

/** Runs a script as another user. */
export function scriptAs(user: User, text: string, options: RunOptions): Promise<CliResult> {
  const dist = join(ROOT, 'dist/index.js');
  const path = join(options.cwd, `script-${user.uid}-${Math.random().toString(36).slice(2)}.mjs`);
  writeFileSync(path, text.replaceAll("'tspipe'", `'${dist}'`), { mode: 0o644 });
  chmodSync(path, 0o644);
  return nodeAs(user, ['--disable-warning=ExperimentalWarning', path], options);
}

interface RunOptions {
  readonly cwd: string;
  readonly umask?: string;
  readonly input?: string;
}

function nodeAs({ uid, gid }: User, words: readonly string[], options: RunOptions): Promise<CliResult> {
  const { cwd, umask = '022', input } = options;
  const env = { PATH: process.env.PATH, HOME: cwd, TMPDIR: '/tmp', TSPIPE_CONFIG_DIR: join(cwd, 'none') };
  return new Promise((resolve) => {
    const child = execFile(
      'bash',
      ['-c', `umask ${umask}; exec "$@"`, 'bash', process.execPath, ...words],
      { cwd, env, uid, gid },
      (_error, out, err) => resolve({ code: child.exitCode, out, err }),
    );
    child.stdin?.end(input);
  });
}
