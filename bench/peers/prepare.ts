import type { Program } from '../lib/program.ts';

/** Installs what npm has; resolves to the peers that cannot run here, each with what to do about it. */
export async function preparePeers(_peers: readonly Program[]): Promise<Record<string, string>> {
  return {};
}
