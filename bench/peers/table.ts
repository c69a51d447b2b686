import type { Program } from '../lib/program.ts';

/** The same work on other systems. */
export const PEERS: readonly Program[] = [];
