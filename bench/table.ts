import { less, more, type Program } from './lib/program.ts';

/** Limits of this machine, measured in the same run. */
export const FLOORS: readonly Program[] = [
  {
    name: 'sqlite',
    file: 'floor/sqlite.ts',
    full: '200000',
    quick: '100000',
    rounds: 5,
    rows: [
      more('insert', 'SQLite: insert, 1,000 rows a transaction', 'rows/s'),
      more('claim', 'SQLite: commit 512 results and claim 512 tasks in one transaction', 'tasks/s'),
      less('commit', 'SQLite: a transaction that changes one row', 'ms'),
      less('sync', 'fdatasync of 4 kB', 'ms'),
    ],
  },
  {
    name: 'node-spawn',
    file: 'floor/spawn.ts',
    full: '2000',
    quick: '500',
    rounds: 5,
    rows: [more('shell', 'Node: start `true` and see its end, two at a time', 'a second')],
  },
];

/** The goals, in the order of the table. */
export const OURS: readonly Program[] = [
  {
    name: 'drain',
    file: 'rows/add-and-drain.ts',
    full: '100000',
    quick: '20000',
    rounds: 5,
    rows: [
      more('add', 'add 100,000 tasks by calling an app in a loop', 'tasks/s', {
        goal: 100_000,
        floor: 'sqlite.insert',
        peers: 'submit',
      }),
      more('drain', 'drain 100,000 no-op tasks, 2 workers', 'tasks/s', {
        goal: 100_000,
        floor: 'sqlite.claim',
        peers: 'endToEnd',
      }),
      more('steady', '… without start and end', 'tasks/s', { floor: 'sqlite.claim' }),
    ],
  },
  {
    name: 'script',
    file: 'rows/script.ts',
    full: '10000',
    quick: '10000',
    rounds: 7,
    rows: [
      more('cold', 'script of 10,000, from first call to last result', 'tasks/s', {
        goal: 40_000,
        floor: 'sqlite.claim',
        peers: 'endToEnd',
      }),
    ],
  },
  {
    name: 'script-warm',
    file: 'rows/script-warm.ts',
    full: '10000',
    rounds: 7,
    rows: [more('warm', '… while agent and workers are up', 'tasks/s', { floor: 'sqlite.claim' })],
  },
  {
    name: 'chain',
    file: 'rows/chain.ts',
    full: '1000',
    quick: '300',
    rounds: 5,
    rows: [
      less('hop', 'chain of 1,000, one hop', 'ms', { goal: 0.35, floor: 'sqlite.commit', peers: 'hop' }),
      less('whole', '… with start and end', 'ms'),
    ],
  },
  {
    name: 'map-reduce',
    file: 'rows/map-reduce.ts',
    full: '10000',
    quick: '10000',
    rounds: 7,
    rows: [
      more('whole', 'map 10,000, reduce over 10,000 Futures', 'tasks/s', {
        goal: 30_000,
        floor: 'sqlite.claim',
      }),
    ],
  },
  {
    name: 'shell',
    file: 'rows/shell.ts',
    full: '2000',
    quick: '500',
    rounds: 3,
    rows: [
      more('line', '2,000 shell tasks, the line `true`, 2 workers', 'tasks/s', {
        goal: 1000,
        floor: 'node-spawn.shell',
        peers: 'shell',
      }),
      more('program', "… the program `['true']`", 'tasks/s', { floor: 'node-spawn.shell', peers: 'shell' }),
      more('script', '… a line for a shell, `true; true`', 'tasks/s', { floor: 'node-spawn.shell' }),
    ],
  },
  {
    name: 'overlap',
    file: 'rows/overlap.ts',
    full: '20000',
    quick: '5000',
    rounds: 3,
    rows: [
      more('whole', '20,000 tasks of 10 ms of waiting, 64 at a time in one worker', 'tasks/s', {
        goal: 5000,
      }),
      more('steady', '… without start and end', 'tasks/s'),
    ],
  },
  {
    name: 'shared',
    file: 'rows/shared.ts',
    full: '20000',
    quick: '10000',
    rounds: 3,
    rows: [
      more('drain', 'shared queue, 20,000 no-op tasks, 8 agents, 2 ms more a lock and sync', 'tasks/s', {
        goal: 2000,
      }),
    ],
  },
  {
    name: 'cold',
    file: 'rows/cold.ts',
    full: '15',
    quick: '5',
    rounds: 1,
    rows: [
      less('compiled', 'one task, cold: compiled JS under Node', 's', {
        goal: 0.2,
        floor: 'cold.node',
        peers: 'cold',
      }),
      less('tsx', '… TypeScript under tsx', 's', { goal: 0.35, floor: 'cold.bareTsx' }),
      less('node', '… beside them Node with one word of output', 's'),
      less('bareTsx', '… and tsx with one word of output', 's'),
    ],
  },
  {
    name: 'idle',
    file: 'rows/idle.ts',
    full: '200',
    quick: '40',
    rounds: 1,
    rows: [
      less('latency', 'a task added while workers idle, until its result is back: median', 'ms', {
        goal: 2,
        floor: 'sqlite.commit',
      }),
      less('latency95', '… 95 % of them', 'ms'),
      less('idle', 'manager, agent and workers idle, in the same run', '% of a core', { goal: 1 }),
    ],
  },
  {
    name: 'visible',
    file: 'rows/visible.ts',
    full: '400',
    quick: '100',
    rounds: 3,
    rows: [
      less('median', 'the end of a slow task, until its result is in the script: median', 'ms', { goal: 5 }),
      less('most', '… 95 % of them', 'ms', { goal: 5 }),
    ],
  },
  {
    name: 'million',
    file: 'rows/million.ts',
    full: '1000000',
    rounds: 1,
    rows: [
      more('add', '1,000,000 tasks in one queue: adding', 'tasks/s', { floor: 'sqlite.insert' }),
      less('addGrowth', '… a task, against 100,000', '×', { goal: 1.2 }),
      more('drain', '… draining, without start and end', 'tasks/s', { floor: 'sqlite.claim' }),
      less('drainGrowth', '… a task, against 10,000', '×', { goal: 1.2 }),
      less('drainLateGrowth', '… a task of the last tenth, against the second tenth', '×', { goal: 1.2 }),
      less('open', '… open the queue', 'ms', { goal: 50 }),
      less('summary', '… summary', 'ms', { goal: 50 }),
      less('page', '… first page of tasks (100)', 'ms', { goal: 50 }),
      less('managerMb', '… memory of the manager at its peak', 'MB', { goal: 150 }),
      less('agentMb', '… memory of the agent at its peak', 'MB', { goal: 150 }),
      less('fileBytes', '… bytes of all files, for each task', 'bytes', { goal: 200 }),
    ],
  },
  {
    name: 'add-random',
    file: 'rows/add-random.ts',
    full: '1000000',
    rounds: 1,
    rows: [
      more('add', '1,000,000 tasks with random arguments: adding', 'tasks/s', { floor: 'sqlite.insert' }),
      less('growth', '… a task, against 100,000', '×', { goal: 1.5 }),
    ],
  },
  {
    name: 'fan',
    file: 'rows/fan.ts',
    full: '100000',
    rounds: 1,
    rows: [
      less('in', '1 fan-in over 100,000', 's'),
      less('inGrowth', '… an edge, against 25,000', '×', { goal: 1.2 }),
      less('out', '1 fan-out to 100,000', 's'),
      less('outGrowth', '… an edge, against 25,000', '×', { goal: 1.2 }),
    ],
  },
  {
    name: 'all-to-all',
    file: 'rows/all-to-all.ts',
    full: '300',
    quick: '100',
    rounds: 3,
    rows: [
      less('add', '300 × 300 all-to-all: adding', 's', { goal: 1 }),
      less('whole', '… in all', 's', { goal: 2 }),
    ],
  },
  {
    name: 'under-tsx',
    file: 'rows/add-and-drain.ts',
    tsx: true,
    full: '200000',
    rounds: 2,
    rows: [
      more('add', 'add 200,000, TypeScript under tsx', 'tasks/s', {
        goal: 5,
        than: 'ProcessPoolExecutor.endToEnd',
      }),
      more('drain', '… drain them, around `await spawn`', 'tasks/s', {
        goal: 5,
        than: 'ProcessPoolExecutor.endToEnd',
      }),
    ],
  },
];
