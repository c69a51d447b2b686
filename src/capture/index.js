export { captureFunction } from './capture.ts';
export { loadProgram } from './load-program.ts';
export { reroot } from './program.ts';
export { mapStack } from './stack-map.ts';
//# sourceMappingURL=index.js.map
