import { packageVersion } from './package-version.ts';

/** The versions that ran a task. */
export interface RuntimeVersions {
  readonly node: string;
  readonly v8: string;
  readonly tspipe: string;
}

let versions: RuntimeVersions | undefined;

/** The versions of this process: of Node and V8 as `process.versions` has them, and of tspipe. */
export function runtimeVersions(): RuntimeVersions {
  versions ??= {
    node: process.versions.node,
    v8: process.versions.v8,
    tspipe: packageVersion('tspipe', import.meta.url) ?? 'unknown',
  };
  return versions;
}
