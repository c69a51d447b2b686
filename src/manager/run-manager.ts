// A detached manager's process: argv holds the queue's file, the options of spawn as JSON, and the file with the row ids
// of the tasks to run, or nothing for all.
import { readFileSync, rmSync } from 'node:fs';
import { Queue } from '../queue/index.ts';
import { isScoped } from '../store/index.ts';
import { surviveFullLog } from '../util/index.ts';
import { parseSpawnOptions } from './options.ts';
import { Run } from './run.ts';

const [path = '', options = '{}', file] = process.argv.slice(2);

surviveFullLog();

const rows = file === undefined ? undefined : (JSON.parse(readFileSync(file, 'utf8')) as number[]);
if (file !== undefined) rmSync(file);
// Whoever started it was asked whether it is to be trusted.
const queue = new Queue(path, { create: false, trust: true });
const host = Queue.hostOf(queue);
// A manager that works for some Futures only leaves the rest: then this one waits for its turn.
const isServed = host.managers().length > 0 && !host.store.read(isScoped);
if (!isServed) await new Run(host, rows, parseSpawnOptions(JSON.parse(options))).run();
queue.close();
