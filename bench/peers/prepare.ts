import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../lib/place.ts';
import type { Program } from '../lib/program.ts';
import { output, PYTHON } from '../lib/run-program.ts';

/** What a peer needs: a command that tells that it is there, and the Debian package. */
interface Need {
  readonly peer: RegExp;
  readonly words: readonly [string, ...string[]];
  readonly debian: string;
}

const NEEDS: readonly Need[] = [
  { peer: /^BullMQ/, words: ['redis-server', '--version'], debian: 'redis-server' },
  { peer: /^ProcessPool/, words: [PYTHON, '--version'], debian: 'python3' },
  { peer: /^dask/, words: [PYTHON, '-c', 'import distributed'], debian: 'python3-distributed' },
  { peer: /^xargs/, words: ['xargs', '--version'], debian: 'findutils' },
  { peer: /^make/, words: ['make', '--version'], debian: 'make' },
  { peer: /^ninja/, words: ['ninja', '--version'], debian: 'ninja-build' },
  { peer: /^parallel/, words: ['parallel', '--version'], debian: 'parallel' },
];

/** Installs what npm has; resolves to the peers that cannot run here, each with what to do about it. */
export async function preparePeers(peers: readonly Program[]): Promise<Record<string, string>> {
  mkdirSync(join(ROOT, '_tests'), { recursive: true });
  const isInstalled = existsSync(join(import.meta.dirname, 'node_modules')) || installPackages();
  const missing: Record<string, string> = {};
  for (const { name, file } of peers) {
    if (file.endsWith('.js') && !file.includes('commands') && !isInstalled) {
      missing[name] = 'not installed: npm install in bench/peers';
    }
    for (const { peer, words, debian } of NEEDS) {
      if (!peer.test(name)) continue;
      if ((await output(...words)) === undefined) missing[name] = `not installed: apt-get install ${debian}`;
    }
  }
  return missing;
}

/** By the npm that runs this, where one does. */
function installPackages(): boolean {
  const words = ['install', '--no-package-lock', '--no-audit', '--no-fund'];
  const npm = process.env.npm_execpath;
  const { status } = spawnSync(
    npm === undefined ? 'npm' : process.execPath,
    npm === undefined ? words : [npm, ...words],
    {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` },
    },
  );
  return status === 0;
}
