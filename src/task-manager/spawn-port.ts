import type { Queue } from '../queue/index.ts';

/** What this room needs from the managers, which live above it: handed in where everything is wired (src/index.ts). */
export const spawnPort = {
  spawn: async (queue: Queue, _options: object): Promise<unknown> => {
    throw new Error(`no manager was handed in for ${queue.path}`);
  },
};
