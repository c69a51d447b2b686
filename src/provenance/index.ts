export { basePath, packageVersion } from './package-version.ts';
export { type RuntimeVersions, runtimeVersions } from './runtime-versions.ts';
