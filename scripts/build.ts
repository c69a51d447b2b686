// Bundles src/ to dist/: one file for each way in, and chunks for what they share. Node looks for each file it loads, and
// there are hundreds: bundled, a command starts in half the time. Then the types, file by file. Files in use by running
// processes are replaced one by one, never all taken away at once.
import { spawnSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build, type Plugin } from 'esbuild';

const root = join(import.meta.dirname, '..');

// Ways in that share chunks: a task that imports tspipe has to meet the classes of its worker. The others are apart, since
// the more of them share, the more and smaller the chunks are that each has to load.
const WAYS_IN = [
  ['index', 'worker/main', 'manager/main'],
  ['agent/main'],
  ['agent/guard'],
  ['worker/watchdog'],
  ['worker/launcher'],
  ['cli/main'],
  ['compile-cache'],
] as const;

/** Taken into the bundle, since it is small and every process needs it; so its licence goes with it. */
const INSIDE = 'valibot';

const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
};
const licence: Plugin = {
  name: 'licence',
  setup: ({ onLoad }) =>
    onLoad({ filter: new RegExp(`/node_modules/${INSIDE}/.*js$`) }, ({ path }) => {
      const text = readFileSync(join(root, 'node_modules', INSIDE, 'LICENSE.md'), 'utf8');
      return { contents: `/*! ${INSIDE}: ${text} */\n${readFileSync(path, 'utf8')}` };
    }),
};

/**
 * Asks Node for its modules instead of importing them. For an import Node reads every member of a module, and so loads
 * what it keeps for later (streams, threads, web cryptography): 5 ms of each start. Of modules that take long and hold
 * functions only, a function asks for itself when it is first called.
 */
const builtins: Plugin = {
  name: 'builtins',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => ({
      loader: 'ts',
      contents: readFileSync(path, 'utf8')
        .replaceAll(/^import (\w+) from ('node:[^']+');$/gm, 'const $1 = process.getBuiltinModule($2);')
        .replaceAll(/^import \{([^}]+)\} from ('node:[^']+');$/gm, (_, names: string, module: string) =>
          askFor(
            names.split(',').filter((name) => !/^\s*(type .*)?$/.test(name)),
            module,
          ),
        ),
    })),
};

const LATER = ["'node:crypto'", "'node:fs/promises'", "'node:timers/promises'"];

function askFor(names: readonly string[], module: string): string {
  if (!LATER.includes(module))
    return `const {${names.join().replaceAll(' as ', ': ')}} = process.getBuiltinModule(${module});`;
  return names
    .map((words) => {
      const [name = '', local = name] = words.trim().split(' as ');
      return `let ${local} = (...args) => (${local} = process.getBuiltinModule(${module}).${name})(...args);`;
    })
    .join(' ');
}

const builds = WAYS_IN.map((names) =>
  build({
    absWorkingDir: root,
    entryPoints: names.map((name) => `src/${name}.ts`),
    outdir: 'dist',
    outbase: 'src',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22.18',
    external: ['tspipe', ...Object.keys(dependencies).filter((name) => name !== INSIDE)],
    legalComments: 'inline',
    metafile: true,
    plugins: [licence, builtins],
  }),
);
const outputs = (await Promise.all(builds)).flatMap(({ metafile }) => Object.keys(metafile.outputs));
for (const file of outputs) {
  const text = readFileSync(join(root, file), 'utf8')
    // A class that mentions itself is renamed. What esbuild has against that (`keepNames`) also names each closure anew.
    .replaceAll(
      /^var (\w+) = class _\1 .*\{$/gm,
      '$&\n  static {\n    Object.defineProperty(this, "name", { value: "$1", configurable: true });\n  }',
    )
    // tsx rewrites every file in which it finds an `import()`, with a source map: that took 150 ms of each script.
    .replaceAll(
      /await import\("([a-z]+)"\)/g,
      'process.getBuiltinModule("node:module").createRequire(import.meta.url)("$1")',
    );
  writeFileSync(join(root, file), text);
}

copyFileSync(join(root, 'src/worker/launcher.pl'), join(root, 'dist/worker/launcher.pl'));

const compiler = join(root, 'node_modules/typescript/bin/tsc');
const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
const scripts = new Set(outputs.map((file) => relative('dist', file)));
const sources = new Set(readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }));
for (const file of readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' })) {
  const isStale = file.endsWith('.d.ts') ? !sources.has(file.replace(/\.d\.ts$/, '.ts')) : !scripts.has(file);
  if (/\.(js|ts)$/.test(file) && isStale) rmSync(join(root, 'dist', file));
}
