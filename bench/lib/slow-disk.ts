// Loaded first (--import): as if each lock and each sync went to a server, and took 2 ms more.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { StatementSync } from 'node:sqlite';

const MORE_MS = 2;
// What a COMMIT of a shared queue syncs, by strace: its journal twice and the folder once, the file, the journal's header.
const SYNCS_OF_COMMIT = 5;

const cell = new Int32Array(new SharedArrayBuffer(4));

function wait(times: number): void {
  Atomics.wait(cell, 0, 0, times * MORE_MS);
}

const { openSync, rmSync, fsyncSync, fdatasyncSync } = fs;
fs.openSync = (path, flags, mode) => {
  if (flags === 'wx' && String(path).endsWith('/lock')) wait(1);
  return openSync(path, flags, mode);
};
fs.rmSync = (path, options) => {
  if (String(path).endsWith('/lock')) wait(1);
  rmSync(path, options);
};
fs.fsyncSync = (file) => {
  wait(1);
  fsyncSync(file);
};
fs.fdatasyncSync = (file) => {
  wait(1);
  fdatasyncSync(file);
};
syncBuiltinESMExports();

const { run } = StatementSync.prototype;
StatementSync.prototype.run = function (this: StatementSync, ...values) {
  if (this.sourceSQL === 'COMMIT') wait(SYNCS_OF_COMMIT);
  return run.apply(this, values as Parameters<typeof run>);
} as typeof run;
