export { ensureManager } from './detach.ts';
export type { SpawnMode, SpawnOptions } from './options.ts';
export type { SpawnResult } from './result.ts';
export { spawn, type SpawnTarget } from './spawn.ts';
