// npm run fuzz -- [--only values] [--seed 7] [--count 100000]: changed inputs for all that reads; see CONTRIBUTING.md.
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { runTarget } from './run-target.ts';
import { TARGETS } from './targets.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: Object.keys(TARGETS) },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    count: { type: 'string', default: '100000' },
  },
});
const { only, seed, count } = values;
console.log(`seed ${seed}, ${count} inputs each`);
for (const name of only) {
  const begin = performance.now();
  const { inputs, accepted, finds } = await runTarget(name, { seed: Number(seed), count: Number(count) });
  const share = inputs === 0 ? 0 : (100 * accepted) / inputs;
  const seconds = (performance.now() - begin) / 1000;
  console.log(
    `${name.padEnd(14)} ${inputs} inputs, ${share.toFixed(1)} % past the door, ${finds.length} finds, ${seconds.toFixed(1)} s`,
  );
  for (const { input, error } of finds)
    console.log(`  ${JSON.stringify(input)}\n    ${error.replaceAll('\n', '\n    ')}`);
  if (finds.length > 0) process.exitCode = 1;
}
