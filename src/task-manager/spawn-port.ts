import type { SpawnResult } from '../model/index.ts';
import type { Queue } from '../queue/index.ts';
import type { SpawnOptions } from './spawn-options.ts';

/** What this room needs from the managers, which live above it: handed in where everything is wired (src/index.ts). */
export const spawnPort = {
  spawn: async (queue: Queue, _options: SpawnOptions): Promise<SpawnResult> => {
    throw new Error(`no manager was handed in for ${queue.path}`);
  },
};
