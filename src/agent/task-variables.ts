import type { LaneOptions } from '../app/index.ts';
import type { Environment } from '../environment/index.ts';

/**
 * Variables that tell a task, and the libraries it uses, what it may use. What the user declared stays; without
 * declared cores also what was inherited does.
 */
export function taskVariables(
  options: LaneOptions,
  environ: Environment,
  values: Readonly<Record<string, string>>,
): Record<string, string> {
  const cores = String(Math.max(1, options.cores));
  const threads = options.cores > 0 && !environ.has('OMP_NUM_THREADS') ? cores : values.OMP_NUM_THREADS;
  return { TSPIPE_CORES: cores, OMP_NUM_THREADS: threads ?? cores };
}

/** Which GPUs a task may use; undefined where it asked for none. */
export function gpuVariables(gpus: readonly string[]): Record<string, string> | undefined {
  return gpus.length === 0 ? undefined : { CUDA_VISIBLE_DEVICES: gpus.join() };
}
