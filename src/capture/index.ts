export { type Capture, captureFunction } from './capture.ts';
export { type Captured, programContents } from './contents.ts';
export type {
  CaptureHooks,
  FunctionSetting,
  KnownFunction,
  KnownValue,
  Placeholder,
} from './hooks.ts';
export { isOwnCode } from './known-classes.ts';
export { type LoadedInstance, type LoadedProgram, loadProgram } from './load-program.ts';
export type { LoadedClass, LoadOptions, ProgramPart } from './loaded-island.ts';
export type { AnyFunction } from './any-function.ts';
export type { Json, KnownClass } from './nodes.ts';
export type { PackageUse } from './packages.ts';
export { type Program, reroot } from './program.ts';
export { type FunctionSource, programSources } from './program-sources.ts';
export type { CaptureSize } from './program-format.ts';
export { mapStack } from './stack-map.ts';
