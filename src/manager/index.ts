export { ensureManager } from './detach.ts';
export { spawn, type SpawnTarget } from './spawn.ts';
