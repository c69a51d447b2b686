export { type Capture, captureFunction } from './capture.ts';
export type { CaptureHooks, KnownFunction, KnownValue, Placeholder } from './hooks.ts';
export { type LoadedProgram, type LoadOptions, loadProgram, type ProgramPart } from './load-program.ts';
export type { AnyFunction } from './any-function.ts';
export type { Json } from './nodes.ts';
export type { PackageUse } from './packages.ts';
export { type Program, reroot } from './program.ts';
export type { CaptureSize } from './program-format.ts';
export { mapStack } from './stack-map.ts';
