import { inspect } from 'node:util';
import type { RunningTask } from '../context/index.ts';
import { type QueueHost, type Recipe, type RunRequest, taskQueueHost } from '../queue/index.ts';
import { decodeValue, encodeValue, type RegisteredClass } from '../serialization/index.ts';
import { checkpointOf } from '../store/index.ts';
import { portableValues, reviveAppValue } from '../app/index.ts';

/** What a task sees as `context`, and how the worker ends it. */
export interface OwnContext {
  readonly context: RunningTask;
  /** The classes that the task's function knows. */
  knows(classes: readonly RegisteredClass[]): void;
  abort(reason: string): void;
  /** The attempt has ended. */
  end(): void;
}

/** `onListening` is called when the task asks for its signal: it may want to finish by itself. */
export function taskContext(
  run: RunRequest,
  { name, timeoutSeconds }: Recipe,
  onListening: () => void,
): OwnContext {
  const end = timeoutSeconds === null ? Infinity : performance.now() + timeoutSeconds * 1000;
  let controller: AbortController | undefined;
  let classes: readonly RegisteredClass[] = [];
  let isOver = false;
  const aborting = (): AbortController => {
    controller ??= new AbortController();
    return controller;
  };
  const context: RunningTask = {
    row: run.task,
    get isOver() {
      return isOver;
    },
    task: { id: run.id, name, index: run.index },
    attempt: run.attempt,
    get signal() {
      if (!isOver) onListening();
      return aborting().signal;
    },
    remainingSeconds: () => Math.max(0, (end - performance.now()) / 1000),
    checkpoint: async (value) => {
      const { text, blobs } = encodeValue(value, {
        trail: `${name} → checkpoint`,
        ...portableValues,
      });
      const { store } = host();
      const blob = store.blobs.write(blobs);
      await store.write((tx) =>
        tx.db.run('INSERT OR REPLACE INTO checkpoint VALUES (?, ?, ?)', run.task, text, blob),
      );
    },
    restored: () => {
      const { store } = host();
      const found = store.read((db) => checkpointOf(db, run.task));
      if (found === undefined) return undefined;
      return decodeValue(found.text, {
        blobs: store.blobs.read(found.blob),
        revive: reviveAppValue,
        classes: (known) => classes.find(({ how }) => how.name === known)?.how,
      });
    },
    log: (...values) => {
      const words = values.map((value) => (typeof value === 'string' ? value : inspect(value)));
      process.stderr.write(`${words.join(' ')}\n`);
    },
  };
  return {
    context,
    knows: (known) => {
      classes = known;
    },
    abort: (reason) => aborting().abort(new Error(reason)),
    end: () => {
      isOver = true;
    },
  };
}

function host(): QueueHost {
  const found = taskQueueHost();
  if (found === undefined) throw new Error('a worker without a queue');
  return found;
}
