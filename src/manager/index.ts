export { ensureManager } from './detach.ts';
export type { SpawnMode, SpawnOptions } from './options.ts';
export { spawn, type SpawnResult, type SpawnTarget } from './spawn.ts';
