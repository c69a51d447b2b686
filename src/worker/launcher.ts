// The process that starts commands for a worker, one after the other. To start a process is to copy the page tables of
// the one that does so: that costs 0.05 ms for each megabyte that it has written to, so this one loads nothing.
// Descriptor 3 talks with the worker, descriptor 4 is its `Hold`.
import { spawnSync } from 'node:child_process';
import { closeSync, readSync, writeSync } from 'node:fs';
import { Hold } from './hold.ts';
import type { LaunchReply, LaunchRequest } from './launcher-process.ts';

const CHANNEL = 3;
const NEWLINE = 10;

const hold = new Hold(4);
const buffer = Buffer.alloc(65536);
let env: Readonly<Record<string, string>> = {};

// A worker that finishes its task after these needs the end of the command; one that does not takes this process along.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => undefined);

send({ type: 'ready' });
for (let request = receive(); request !== undefined; request = receive()) send(launch(request));

function launch({ file, args, env: fresh }: LaunchRequest): LaunchReply {
  env = fresh ?? env;
  send({ type: 'starting' });
  const held = hold.open();
  const done = spawnSync(file, args, { env, stdio: ['ignore', 'inherit', 'inherit', held] });
  closeSync(held);
  if (done.error !== undefined) {
    const { message, code } = done.error as NodeJS.ErrnoException;
    return { type: 'refused', message, code };
  }
  return { type: 'ended', exitCode: done.status, signal: done.signal };
}

/** Undefined when the worker is gone. */
function receive(): LaunchRequest | undefined {
  const parts: Buffer[] = [];
  for (;;) {
    const count = readSync(CHANNEL, buffer);
    if (count === 0) return undefined;
    parts.push(Buffer.from(buffer.subarray(0, count)));
    // It sends one request at a time.
    if (buffer[count - 1] === NEWLINE) return JSON.parse(Buffer.concat(parts).toString()) as LaunchRequest;
  }
}

function send(reply: LaunchReply): void {
  writeSync(CHANNEL, `${JSON.stringify(reply)}\n`);
}
