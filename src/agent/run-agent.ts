// The agent's process: argv holds the queue's file and the row id under which it was announced.
import { registerErrors } from '../queue/index.ts';
import { runtimeVersions } from '../provenance/index.ts';
import { processRow, Store, writeIdentity, writeVersions } from '../store/index.ts';
import { processIdentity, surviveFullLog } from '../util/index.ts';
import { Agent } from './agent.ts';

const [path = '', id = ''] = process.argv.slice(2);

surviveFullLog();
registerErrors();
const store = new Store(path);
const row = Number(id);
const agent = new Agent(store, row);
const isWanted = await store.write((tx) => {
  const announced = processRow(tx.db, row);
  if (announced === undefined || announced.ended !== null || announced.pid !== null) return false;
  agent.prepare(tx.db);
  writeIdentity(tx, row, processIdentity());
  writeVersions(tx, row, { ...runtimeVersions() });
  return true;
});
if (isWanted) {
  process.on('SIGTERM', () => agent.terminate());
  // It outlives the terminal and the manager that started it.
  process.on('SIGINT', () => undefined);
  process.on('SIGHUP', () => undefined);
  await agent.run();
}
store.close();
