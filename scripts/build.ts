// Bundles src/ to dist/: one file for each way in, and chunks for what they share. Node looks for each file it loads, and
// there are hundreds: bundled, a command starts in half the time. Then the types, file by file. Files in use by running
// processes are replaced one by one, never all taken away at once.
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');

const WAYS_IN = ['index', 'cli/main', 'manager/main', 'agent/main', 'worker/main', 'worker/watchdog'];

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: WAYS_IN.map((name) => `src/${name}.ts`),
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.18',
  packages: 'external',
  // What is exported is known by its name, whatever the bundle calls it.
  keepNames: true,
  metafile: true,
});

const compiler = join(root, 'node_modules/typescript/bin/tsc');
const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
const scripts = new Set(Object.keys(metafile.outputs).map((file) => relative('dist', file)));
const sources = new Set(readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }));
for (const file of readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' })) {
  const isStale = file.endsWith('.d.ts') ? !sources.has(file.replace(/\.d\.ts$/, '.ts')) : !scripts.has(file);
  if (/\.(js|ts)$/.test(file) && isStale) rmSync(join(root, 'dist', file));
}
