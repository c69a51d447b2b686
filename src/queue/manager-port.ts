/**
 * What this room needs from the managers, which live above it: handed in where everything is wired (src/index.ts).
 */
export const managerPort = {
  /** Sees to it that a manager is alive for the queue at a path. */
  ensure: (path: string): void => {
    throw new Error(`no manager was handed in for ${path}`);
  },
};
