// One task from nothing: the whole process, from its start to the first result printed; compiled under Node, and as
// TypeScript under tsx. Beside them bare Node and bare tsx with one word of output, in turn with them.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { firstOutput } from '../first-output.ts';
import { makeFolder, ROOT, sizeWanted } from '../lib/place.ts';
import { median } from '../lib/statistics.ts';

const rounds = sizeWanted();
const folder = makeFolder();
try {
  const source = join(import.meta.dirname, 'cold-script.ts');
  const compiled = join(folder, 'cold-script.js');
  writeFileSync(compiled, transformSync(readFileSync(source, 'utf8'), { loader: 'ts' }).code);
  const bare = join(folder, 'bare.ts');
  writeFileSync(bare, 'const word: string = "0"; console.log(word);');
  const node = process.execPath;
  const tsx = join(ROOT, 'node_modules/tsx/dist/cli.mjs');
  const commands = {
    node: [node, '-e', 'console.log("0")'],
    bareTsx: [node, tsx, bare],
    compiled: [node, compiled],
    tsx: [node, tsx, source],
  };
  const times = Object.keys(commands).map((name): [string, number[]] => [name, []]);
  for (let round = 0; round <= rounds; round++) {
    for (const [index, words] of Object.values(commands).entries()) {
      const inside = join(folder, `${round}-${index}`);
      mkdirSync(inside);
      const ms = await firstOutput([...words, inside], process.env);
      // The first round fills caches.
      if (round > 0) times[index]?.[1].push(ms / 1000);
    }
  }
  console.log(JSON.stringify(Object.fromEntries(times.map(([name, all]) => [name, median(all)]))));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
