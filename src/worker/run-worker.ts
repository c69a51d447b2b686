// Started by an agent: argv holds the queue's file, the folder for the worker's own files, its number, how many tasks it
// may overlap, and the agent's process id. Descriptors 3 and 4 talk with the agent.
import { registerErrors, setTaskQueue, writeWorkerIdentity } from '../queue/index.ts';
import { retryWhileDiskFull, surviveFullLog, WORKER_MARK } from '../util/index.ts';
import { Channel } from './channel.ts';
import { Runner } from './runner.ts';
import { startWatchdog } from './start-watchdog.ts';

const [queue = '', folder = '', number = '0', slots = '1', agent = '0'] = process.argv.slice(2);

const mark = process.env[WORKER_MARK] ?? '';

retryWhileDiskFull(() => writeWorkerIdentity(folder, Number(number), mark));
// An agent that died before that is not known to have had this worker.
if (process.ppid !== Number(agent)) process.exit(1);

surviveFullLog();
registerErrors();
setTaskQueue(queue);
const channel = new Channel({ from: 3, to: 4 });
const runner = new Runner({ channel, folder, number: Number(number), slots: Number(slots), mark });
channel.listen((message) => runner.receive(message));
process.on('uncaughtException', (error) => runner.failGuilty(error));
channel.send({ type: 'ready' });
// Before the first task, which is read at the next turn of the event loop.
startWatchdog({ agent: Number(agent), mark });
