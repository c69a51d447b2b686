export type { AnyFunction, Captured } from '../capture/index.ts';
export { type AppDefinition, type Call, createApp, isApp, type UntypedApp } from './app.ts';
export type { AppKind, TaskManagerDescription } from './app-mark.ts';
export { captureHooks } from './app-values.ts';
export { decodeWithFunctions, type Revival } from './decode-functions.ts';
export { portableValues } from './portable-values.ts';
export { REMADE, type Remade, remakers } from './remade.ts';
export { reviveAppValue } from './stand-ins.ts';
export { type EncodedArguments, encodeWithFutures } from './arguments.ts';
export { type Command, type CommandEnd, commandError, commandOf } from './command.ts';
export type { DeclaredTypes } from './declared-types.ts';
export { mapErrorStacks } from './error-stacks.ts';
export { type LoadedFunction, loadFunction, type SubmitCall } from './load-function.ts';
export {
  type AppOptions,
  type CallOptions,
  type LaneOptions,
  optionsOfLane,
  parseAppOptions,
} from './options.ts';
export { createPerWorker, hasPerWorkerValues, type PerWorker } from './per-worker.ts';
export { FUTURE, type FutureReference, settleFutures } from './reference.ts';
