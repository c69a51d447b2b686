import { answerText, orderText, readAnswer, readOrder } from '../../../src/queue/index.ts';
import { lineSplitter } from '../../../src/util/index.ts';
import { mutateText } from '../mutate-text.ts';
import { mutateTree, type Tree } from '../mutate-tree.ts';
import { readOrRefuse } from '../refusals.ts';
import { demand, type Target } from '../target.ts';

const REPORT: Tree = {
  task: 7,
  attempt: 1,
  outcome: 'fail',
  started: 1_800_000_000_000,
  seconds: 0.25,
  exitCode: 2,
  signal: null,
  error: '{"$":"Error","v":{"message":"x"}}',
  out: { text: 'out', blob: null },
  err: { text: null, blob: 'a'.repeat(64) },
  note: null,
  errorNames: ['RangeError', 'ENOENT'],
  retryAfterSeconds: null,
  peakMemory: 1e8,
  result: null,
  returned: [3, 4],
};

const RUN: Tree = {
  order: 3,
  recipe: 1,
  task: 7,
  attempt: 2,
  id: '0123456789abcdef',
  index: 5,
  args: {
    text: '[1,{"$":"@Future","v":0}]',
    blob: null,
    futures: [{ value: { text: '1', blob: null, futures: [] } }],
  },
  env: { A: '1' },
};

const SOUND: readonly Tree[] = [
  { type: 'ready' },
  { type: 'leaving' },
  { type: 'done', done: REPORT },
  [7, 1, 1_800_000_000_000, 0.001, '[1,2]'],
  [7, 1, 1_800_000_000_000, 0.001, '""', 0],
  { type: 'declined', orders: [1, 2] },
  { type: 'waiting', task: 7 },
  { type: 'resume', task: 7 },
  { type: 'program', program: 1, text: '{}', blob: null },
  { type: 'run', run: RUN },
  [3, 1, 7, 1, '0123456789abcdef', 5, '[1]'],
  { type: 'abort', task: 7, reason: 'time' },
  { type: 'granted', task: 7 },
  {
    type: 'recipe',
    recipe: 1,
    name: 'f',
    kind: 'ts',
    program: 1,
    timeoutSeconds: null,
    versions: { a: '1.0.0' },
    env: { B: '2' },
  },
];

const TEXTS = SOUND.map((message) => JSON.stringify(message));

/** Lines between agent and worker, cut where pipes cut them. */
export function messages(): Target {
  return {
    input(random) {
      if (random.below(3) === 0) return mutateText(random, random.pick(TEXTS) ?? '', TEXTS);
      return JSON.stringify(mutateTree(random, random.pick(SOUND) ?? null, SOUND));
    },
    read(input) {
      const lines: string[] = [];
      const take = lineSplitter((line) => lines.push(line));
      for (let at = 0; at < input.length; at += 7) take(input.slice(at, at + 7));
      take('\n');
      demand(lines.join('\n') === input, 'lines that are not the text');
      return lines.map(readLine).includes(true);
    },
  };
}

function readLine(line: string): boolean {
  const answer = readOrRefuse(() => readAnswer(line));
  const order = readOrRefuse(() => readOrder(line));
  if (answer !== undefined) {
    const text = answerText(answer.value);
    demand(answerText(readAnswer(text)) === text, `the answer ${text} is not what it is read as`);
  }
  if (order !== undefined) {
    const text = orderText(order.value);
    demand(orderText(readOrder(text)) === text, `the order ${text} is not what it is read as`);
  }
  return answer !== undefined || order !== undefined;
}
