export { ensureManager } from './detach.ts';
export { spawn, spawnTasks, type SpawnTarget } from './spawn.ts';
