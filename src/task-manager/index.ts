export type { App, Apps, BashApp, CallOptions, Command } from './app-types.ts';
export type { BashAppDecorator, TsAppDecorator } from './decorator-types.ts';
export type { Futurable, Settled } from './futurable.ts';
export { settled } from './settled.ts';
export type { SpawnOptions } from './spawn-options.ts';
export { spawnPort } from './spawn-port.ts';
export { TaskManager, type TaskManagerOptions } from './task-manager.ts';
