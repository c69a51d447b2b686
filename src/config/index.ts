export { type Config, type ConfigSources, loadConfig } from './load-config.ts';
export { loadProfile, profileOf } from './profile.ts';
export { type QueueBaseDirectory, queueBaseDirectory } from './queue-base-directory.ts';
export type { ConfigChoice, ConfigProfile } from './schema.ts';
export { userName } from './user.ts';
