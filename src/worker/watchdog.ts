// A thread that looks whether the agent is still this process's parent. When the agent is gone it ends this process and
// its group: a main thread that is busy would never see its channel close.
import { workerData } from 'node:worker_threads';

const { agent } = workerData as { agent: number };
const sleeper = new Int32Array(new SharedArrayBuffer(4));

while (process.ppid === agent) Atomics.wait(sleeper, 0, 0, 500);
process.kill(-process.pid, 'SIGKILL');
