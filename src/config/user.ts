import { userInfo } from 'node:os';

/** The name of the user this process runs as, fit for a folder; `uid-1234` for one without a name. */
export function userName(): string {
  const name = passwordEntry()?.username.replaceAll(/[^\w.@+-]/g, '_');
  return name || `uid-${process.getuid?.() ?? 'unknown'}`;
}

/** The home of the user: HOME, else what the system knows; undefined when neither tells. */
export function homeDirectory(env: NodeJS.ProcessEnv): string | undefined {
  return env.HOME || passwordEntry()?.homedir || undefined;
}

function passwordEntry(): { readonly username: string; readonly homedir: string } | undefined {
  try {
    return userInfo();
  } catch {
    // A container may run under a user id that no password file names.
    return undefined;
  }
}
