// One target in a process of its own, which is told what to do in its arguments and tells its parent what it does.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fuzz, replay } from './fuzz.ts';
import { TARGETS } from './targets.ts';

const BEAT_MS = 200;

const [name = '', seed = '1', count = '0'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'tspipe-fuzz-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
process.once('disconnect', () => process.exit());

// What the parent kills has no say about its last input: so each is told before it is read, but not too often.
let told = 0;
function before(input: string): void {
  const now = performance.now();
  if (now - told < BEAT_MS) return;
  told = now;
  process.send?.({ input });
}

const make = await TARGETS[name]?.();
if (make === undefined)
  throw new Error(`There is no target ${name}. Known: ${Object.keys(TARGETS).join(', ')}.`);
const target = await make(folder);
const known = await replay(target, name);
const fresh = await fuzz(target, { seed: Number(seed), count: Number(count), before });
process.send?.({ outcome: { ...fresh, finds: [...known.finds, ...fresh.finds] } }, () => process.exit());
