export { configDirectory, type ConfigSources } from './config-paths.ts';
export { type ConfigSetting, describeConfig } from './describe-config.ts';
export { configFile, type ConfigScope, setConfigValue, unsetConfigValue } from './edit-config.ts';
export { type Config, loadConfig } from './load-config.ts';
export { loadProfile, profileOf } from './profile.ts';
export { type QueueBaseDirectory, queueBaseDirectory } from './queue-base-directory.ts';
export type { ConfigChoice, ConfigProfile } from './schema.ts';
export {
  checkConfigFiles,
  readSection,
  type SectionKey,
  type SectionReaders,
} from './sections.ts';
export { userName } from './user.ts';
