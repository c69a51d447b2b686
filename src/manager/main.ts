// A detached manager's process: argv holds the queue's file, the options of spawn as JSON, and the row ids of the tasks
// to run, or null for all.
import { Queue, QueueHost } from '../queue/index.ts';
import { parseSpawnOptions } from './options.ts';
import { Run } from './run.ts';

const [path = '', options = '{}', rows = 'null'] = process.argv.slice(2);

const queue = new Queue(path, { create: false });
const host: QueueHost = Queue.hostOf(queue);
if (host.managers().length === 0)
  await new Run(host, undefined, parseSpawnOptions(JSON.parse(options))).run();
queue.close();
