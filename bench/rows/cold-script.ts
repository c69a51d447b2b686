// The script that cold.ts starts: one task, and its result printed. The first word is a folder.
import { Queue, spawn, TaskManager } from 'tspipe';

const queue = new Queue('cold', { baseDir: process.argv[2] ?? '.' });
const tm = new TaskManager({ queue, scheduler: { maxWorkers: 2 } });
const double = tm.tsApp(function double(x: number) {
  return 2 * x;
});
const future = double(21);
await spawn(queue);
console.log(await future.result());
