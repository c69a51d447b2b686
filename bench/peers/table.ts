import { less, more, type PeerKey, type Program, type Row } from '../lib/program.ts';

const ROWS: readonly (Row & { readonly key: PeerKey })[] = [
  { ...more('endToEnd', 'add, run and collect no-op tasks', 'tasks/s'), key: 'endToEnd' },
  { ...more('submit', 'add them one by one', 'tasks/s'), key: 'submit' },
  { ...more('submitBulk', 'add them in bulk', 'tasks/s'), key: 'submitBulk' },
  { ...less('hop', 'one hop of a chain', 'ms'), key: 'hop' },
  { ...more('shell', 'run the program `true`', 'tasks/s'), key: 'shell' },
  { ...less('cold', 'one task, cold', 's'), key: 'cold' },
];

/** The same work on other systems. */
export const PEERS: readonly Program[] = [
  peer('piscina', 'piscina.js', '20000'),
  peer('workerpool', 'workerpool.js', '20000'),
  peer('ProcessPoolExecutor', 'pool.py', '200000'),
  peer('plainjob', 'plainjob.js', '20000'),
  peer('BullMQ', 'bullmq.js', '10000'),
  peer('BullMQ (synced)', 'bullmq.js', '10000', ['durable']),
  peer('dask.distributed', 'dask-distributed.py', '10000'),
  ...['xargs', 'make', 'ninja', 'parallel'].map((name) => peer(`${name} -P2`, 'commands.js', '2000', [name])),
];

function peer(name: string, file: string, full: string, more: readonly string[] = []): Program {
  return {
    name: name.replace(/^(make|ninja|parallel) -P/, '$1 -j'),
    file: `peers/${file}`,
    full,
    more,
    rounds: 2,
    rows: ROWS,
  };
}
