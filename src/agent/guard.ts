// A thread that ends its agent when the number that the agent moves has stood still for too long: its main thread waits
// for a disk that does not answer. The watchdogs of its workers end these then.
import { workerData } from 'node:worker_threads';

const { renewals, ms } = workerData as { renewals: Int32Array; ms: number };

let last = Atomics.load(renewals, 0);
let since = performance.now();
for (;;) {
  Atomics.wait(renewals, 0, last, ms / 16);
  const now = Atomics.load(renewals, 0);
  if (now !== last) {
    last = now;
    since = performance.now();
  } else if (performance.now() - since > ms) process.kill(process.pid, 'SIGKILL');
}
