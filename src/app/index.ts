export {
  type AnyFunction,
  APP,
  type AppDefinition,
  type AppKind,
  type Call,
  createApp,
  isApp,
  type TaskManagerDescription,
  type UntypedApp,
} from './app.ts';
export { captureHooks, reviveAppValue } from './app-values.ts';
export { type EncodedArguments, encodeWithFutures } from './arguments.ts';
export { type Command, type CommandEnd, commandError, commandOf } from './command.ts';
export { decodeWithFunctions, type LoadedFunction, loadFunction, type SubmitCall } from './load-function.ts';
export { type AppOptions, type CallOptions, type LaneOptions, parseAppOptions } from './options.ts';
export { createPerWorker, type PerWorker } from './per-worker.ts';
export { FUTURE, type FutureReference, isFuture, Settled, settleFutures } from './reference.ts';
