import { inspect } from 'node:util';
import type { RunningTask } from '../context/index.ts';
import { taskQueueHost, type QueueHost, type RunRequest } from '../queue/index.ts';
import { decodeValue, encodeValue } from '../serialization/index.ts';
import { checkpointOf } from '../store/index.ts';
import { reviveAppValue } from '../app/index.ts';

/** What a task sees as `context`, and how the worker ends it. */
export interface OwnContext {
  readonly context: RunningTask;
  /** True once the task has asked for its signal: it may want to finish by itself. */
  readonly isListening: () => boolean;
  abort(reason: string): void;
}

export function taskContext(run: RunRequest, onListening: () => void): OwnContext {
  const controller = new AbortController();
  const end = run.timeoutSeconds === null ? Infinity : performance.now() + run.timeoutSeconds * 1000;
  let isListening = false;
  const context: RunningTask = {
    row: run.task,
    task: { id: run.id, name: run.name, index: run.index },
    attempt: run.attempt,
    get signal() {
      if (!isListening) {
        isListening = true;
        onListening();
      }
      return controller.signal;
    },
    remainingSeconds: () => Math.max(0, (end - performance.now()) / 1000),
    checkpoint: async (value) => {
      const { text, blobs } = encodeValue(value, { trail: `${run.name} → checkpoint` });
      const { store } = host();
      const blob = store.blobs.write(blobs);
      await store.write((tx) =>
        tx.db.run('INSERT OR REPLACE INTO checkpoint VALUES (?, ?, ?)', run.task, text, blob),
      );
    },
    restored: () => {
      const { store } = host();
      const found = store.read((db) => checkpointOf(db, run.task));
      return (
        found && decodeValue(found.text, { blobs: store.blobs.read(found.blob), revive: reviveAppValue })
      );
    },
    log: (...values) => {
      const words = values.map((value) => (typeof value === 'string' ? value : inspect(value)));
      process.stderr.write(`${words.join(' ')}\n`);
    },
  };
  return {
    context,
    isListening: () => isListening,
    abort: (reason) => controller.abort(new Error(reason)),
  };
}

function host(): QueueHost {
  const found = taskQueueHost();
  if (found === undefined) throw new Error('a worker without a queue');
  return found;
}
