export type { App, Apps, BashApp, Futurable, SettledFutures } from './app-types.ts';
export type { SpawnOptions } from './spawn-options.ts';
export { spawnPort } from './spawn-port.ts';
export { settled, TaskManager, type TaskManagerOptions } from './task-manager.ts';
