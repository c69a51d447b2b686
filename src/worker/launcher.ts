// As launcher.pl, for where there is no Perl.
import { spawnSync } from 'node:child_process';
import { closeSync, readSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import { Hold } from './hold.ts';

const CHANNEL = 4;

const hold = new Hold(5);
let env: NodeJS.ProcessEnv = {};

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => undefined);

reply('ready');
for (let request = receive(); request !== undefined; request = receive()) {
  const [type, ...words] = request;
  if (type === 'env') env = variables(words);
  else reply(`ended ${run(words)}`);
}

/** Returns the status as wait(2) gives it. */
function run([file = '', ...args]: readonly string[]): number {
  const held = hold.open();
  const { error, status, signal } = spawnSync(file, args, {
    env,
    stdio: ['ignore', 'inherit', 'inherit', held],
  });
  closeSync(held);
  if (error !== undefined) reply(`refused ${-((error as NodeJS.ErrnoException).errno ?? 0)}`);
  return signal === null ? (status ?? 0) << 8 : constants.signals[signal];
}

function variables(words: readonly string[]): NodeJS.ProcessEnv {
  const pairs: NodeJS.ProcessEnv = {};
  for (let at = 0; at < words.length; at += 2) pairs[words[at] ?? ''] = words[at + 1];
  return pairs;
}

/** Undefined when the worker is gone. */
function receive(): readonly string[] | undefined {
  const size = read(4)?.readUInt32BE();
  return size === undefined ? undefined : read(size)?.toString().split('\0');
}

function read(size: number): Buffer | undefined {
  const bytes = Buffer.allocUnsafe(size);
  for (let at = 0; at < size; ) {
    const count = readSync(CHANNEL, bytes, at, size - at, null);
    if (count === 0) return undefined;
    at += count;
  }
  return bytes;
}

function reply(line: string): void {
  writeSync(CHANNEL, `${line}\n`);
}
