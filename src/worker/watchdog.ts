// A thread that looks whether the agent is still this process's parent. When the agent is gone it ends this process,
// its group and what it started in other sessions: a main thread that is busy would never see its channel close.
import { workerData } from 'node:worker_threads';
import { MarkedProcesses } from '../util/index.ts';

const { agent, mark } = workerData as { agent: number; mark: string };
const sleeper = new Int32Array(new SharedArrayBuffer(4));

while (process.ppid === agent) Atomics.wait(sleeper, 0, 0, 500);
new MarkedProcesses().end(mark);
process.kill(-process.pid, 'SIGKILL');
