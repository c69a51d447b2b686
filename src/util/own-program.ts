import { fileURLToPath } from 'node:url';

/** The programs that run as processes of their own. */
export type OwnProgram = 'agent/main' | 'manager/main' | 'worker/launcher' | 'worker/main';

/**
 * The words after `node` that start one of our own programs: flags and file. The file is source or compiled, whichever
 * this one is; compiled, this one is part of a chunk one folder below `dist/`, as it is one folder below `src/`.
 */
export function ownProgram(name: OwnProgram): readonly string[] {
  const extension = import.meta.filename.endsWith('.ts') ? 'ts' : 'js';
  const file = fileURLToPath(new URL(`../${name}.${extension}`, import.meta.url));
  return ['--disable-warning=ExperimentalWarning', ...(name === 'agent/main' ? SMALL_YOUNG_SPACE : []), file];
}

// Of what an agent makes nearly all is short-lived. With the engine's own size of the young space a drain of 600,000
// tasks takes it to 244 MB, with this one to 123 MB, about as fast.
const SMALL_YOUNG_SPACE = ['--max-semi-space-size=4'];
