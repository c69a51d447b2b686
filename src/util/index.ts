export { isDiskFull, retryWhileDiskFull, surviveFullLog } from './disk-full.ts';
export { fileEnd } from './file-end.ts';
export { type HostResources, type HostSources, hostResources } from './host-resources.ts';
export { type LogLevel, type LogSink, log, setLogging } from './logger.ts';
export { lineSplitter } from './line-splitter.ts';
export { MemoryGroup } from './memory-group.ts';
export { MarkedProcesses, newMark, WORKER_MARK, withoutMark } from './marked-processes.ts';
export { proportionalBytes, residentBytes } from './process-memory.ts';
export { showBytes } from './show-bytes.ts';
export { nearestName, unknownName } from './nearest-name.ts';
export { type OwnProgram, ownProgram } from './own-program.ts';
export {
  checkOptions,
  isPlainObject,
  OptionError,
  type OptionProblem,
  parseOptions,
  wholeNumber,
} from './options.ts';
export {
  isExisting,
  makeOwnFolder,
  modeIn,
  makeQueueFolder,
  openOwnFile,
  OWN_FILE,
  OWN_FOLDER,
} from './own-files.ts';
export { parseBytes } from './parse-bytes.ts';
export { isAlive, isProvenDead, type ProcessIdentity, processIdentity } from './process-identity.ts';
export { isSecretName, NAME_PATTERN, SECRET_NAMES } from './secret-name.ts';
export { maskSecrets, SecretValues } from './secret-values.ts';
export { quoteShell, type ShellWord, sh } from './shell-quote.ts';
export { lastLines, showValue } from './text.ts';
export { visibleLine, visibleText } from './visible-text.ts';
