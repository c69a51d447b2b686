/** What set-up commands did to the variables. */
export interface SetUpChanges {
  readonly set: Readonly<Record<string, string>>;
  readonly unset: readonly string[];
  /** All variables as they are then, those of the profile too. */
  readonly after: Readonly<Record<string, string>>;
}

// A shell sets these by itself.
const OF_THE_SHELL = new Set(['_', 'SHLVL', 'PWD', 'OLDPWD']);

/** The variables that differ between two dumps of NUL-separated `NAME=value`. */
export function readChanges(before: string, after: string): SetUpChanges {
  const old = readVariables(before);
  const now = readVariables(after);
  const counts = (name: string) => !OF_THE_SHELL.has(name) && old.get(name) !== now.get(name);
  return {
    set: Object.fromEntries([...now].filter(([name]) => counts(name))),
    unset: [...old.keys()].filter((name) => counts(name) && !now.has(name)),
    after: Object.fromEntries(now),
  };
}

/** A Map, because a variable may be called `constructor`. */
function readVariables(text: string): ReadonlyMap<string, string> {
  const entries = text.split('\0').map((entry) => /^([^=]+)=(.*)$/s.exec(entry));
  return new Map(entries.filter((match) => match !== null).map(([, name = '', value = '']) => [name, value]));
}
