import { reviveAppValue, settleFutures } from '../app/index.ts';
import { PipeError } from '../errors.ts';
import { decodeValue, type JsonValue } from '../serialization/index.ts';
import { allRequirements, argsText, RequirementKind, selectTasks, type TaskRow } from '../store/index.ts';
import { identityText } from './call-identity.ts';
import { Future } from './future.ts';
import type { QueueHost } from './queue-host.ts';
import { changeArguments } from './named-arguments.ts';
import { storedApp, storedProgram } from './stored-app.ts';
import { Task } from './task.ts';

/** Calls the app of a task again, with the arguments the task has, Futures among them, and with its changes. */
export function callAgain(host: QueueHost, task: Task): Future {
  if (Task.hostOf(task) !== host) {
    throw new PipeError(
      'FUTURE_FOREIGN',
      `Task ${task.id} is of another queue. Call its app with a task manager of this one.`,
    );
  }
  const [row] = host.store.read((db) => selectTasks(db, { rows: [task.row] }));
  if (row === undefined) throw new PipeError('TASK_NOT_FOUND', `Task ${task.id} was removed from the queue.`);
  const needs = host.store.read((db) => allRequirements(db, row.id));
  const futureOf = ({ requirement }: { readonly requirement: number }) => futureAt(host, requirement);
  const inArguments = needs
    .filter(({ kind }) => kind === RequirementKind.ARGUMENT || kind === RequirementKind.SETTLED)
    .sort((a, b) => a.position - b.position)
    .map(futureOf);
  const after = needs.filter(({ kind }) => kind === RequirementKind.AFTER).map(futureOf);
  const { parameters } = storedProgram(host, row.program);
  const args = changeArguments(
    decodeArguments(host, row, inArguments),
    parameters,
    Task.changesOf(task).kwargs,
  );
  const key = keyOf(row);
  const app = storedApp(host, row).with({ after, ...(key === undefined ? {} : { key }) });
  return app(...args) as Future;
}

function decodeArguments(host: QueueHost, row: TaskRow, futures: readonly Future[]): readonly unknown[] {
  const revive = (tag: string, body: JsonValue, blobs: readonly Uint8Array[]): unknown => {
    if (tag === 'Future') return futures[Number(body)];
    if (tag === 'Settled' && Array.isArray(body)) return settleFutures(body.map((at) => futures[Number(at)]));
    return reviveAppValue(tag, body, blobs);
  };
  // Arguments are always stored as a list.
  return decodeValue(argsText(row), { blobs: host.store.blobs.read(row.blob), revive }) as readonly unknown[];
}

function futureAt(host: QueueHost, requirement: number): Future {
  const [row] = host.store.read((db) => selectTasks(db, { rows: [requirement] }));
  if (row === undefined) {
    throw new PipeError('TASK_NOT_FOUND', 'A task that it requires was removed from the queue.');
  }
  return new Future(host, {
    state: { row: row.id, call: row.call, identity: identityText(row.identity) },
  });
}

/** The `key` of the call: the last line of the call's key. */
function keyOf({ key }: TaskRow): string | undefined {
  const last = key.split('\n').at(-1) ?? '';
  return last.startsWith('key ') ? String(JSON.parse(last.slice(4))) : undefined;
}
