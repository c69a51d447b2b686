import { TaskState } from '../model/index.ts';
import { decodeValue } from '../serialization/index.ts';
import { attemptsOf, outputOf, resultOf, selectTasks, type Store, type StoredText } from '../store/index.ts';

/** Text of an output stream of the newest attempt; empty where there is none. */
export function readOutput(store: Store, row: number, stream: 1 | 2): string {
  const { result, output } = store.read((db) => {
    const task = selectTasks(db, { rows: [row] })[0];
    // The standard output of a bash app is its result, and kept once.
    const isResult = stream === 1 && task?.kind === 'bash' && task.state === TaskState.SUCCEEDED;
    if (isResult) return { result: resultOf(db, row), output: undefined };
    const attempts = attemptsOf(db, row);
    const number = attempts.at(-1)?.number;
    // What a killed task had written comes with the late attempt of the same number.
    const same = attempts.filter((attempt) => attempt.number === number).reverse();
    const found = same.map(({ id }) => outputOf(db, id, stream)).find((one) => one !== undefined);
    return { result: undefined, output: found };
  });
  if (typeof result?.text === 'string') return String(decodeValue(result.text));
  return output === undefined ? '' : storedText(store, output);
}

/** What one attempt wrote to a stream. */
export function attemptOutput(store: Store, attempt: number, stream: 1 | 2): string {
  const output = store.read((db) => outputOf(db, attempt, stream));
  return output === undefined ? '' : storedText(store, output);
}

function storedText(store: Store, { text, blob }: StoredText): string {
  return text ?? Buffer.concat(store.blobs.read(blob)).toString('utf8');
}
