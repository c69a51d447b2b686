// Programs that run commands, two at a time: how often a second they start `true`. The second word says which.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { print, seconds, size } from './peer.js';

const folder = mkdtempSync(join(import.meta.dirname, '../../_tests/bench-commands-'));
const all = Array.from({ length: size }, (_, index) => index);
const input = all.map((index) => `${index}\n`).join('');

const KNOWN = {
  xargs: { words: ['xargs', '-P2', '-I{}', 'true'], input },
  parallel: { words: ['parallel', '-j2', 'true'], input },
  make: { words: ['make', '-s', '-j2', '-f', 'rules'], input: '' },
  ninja: { words: ['ninja', '-j2', '--quiet', '-f', 'build.ninja'], input: '' },
};
writeFileSync(join(folder, 'rules'), `all: ${all.join(' ')}\n${all.join(' ')}:\n\t@/bin/true\n`);
writeFileSync(
  join(folder, 'build.ninja'),
  `rule r\n  command = true\n${all.map((index) => `build ${index}: r\n`).join('')}`,
);

try {
  const { words, input } = KNOWN[process.argv[3]];
  const whole = await seconds(async () => {
    const child = spawn(words[0], words.slice(1), { cwd: folder, stdio: ['pipe', 'ignore', 'inherit'] });
    child.stdin.end(input);
    const code = await new Promise((resolve) => child.once('close', resolve));
    if (code !== 0) throw new Error(`${words[0]} ended with ${code}`);
  });
  print({ shell: size / whole });
} finally {
  rmSync(folder, { recursive: true });
}
