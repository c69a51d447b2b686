import { PipeError } from '../errors.ts';
import { isEnded, TaskState } from '../model/index.ts';
import {
  type CallVersion,
  changeRequirements,
  findCall,
  insertTask,
  lastAttemptOf,
  meetCallRow,
  moveToLane,
  type Requirement,
  retryTask,
  returnedTasks,
  stateOf,
  type TaskCore,
  type Transaction,
  versionsOfCall,
} from '../store/index.ts';
import { identityText } from './call-identity.ts';
import type { DefinitionIds } from './definition-ids.ts';
import type { CallRows, CallToInsert, Insertion, Landing, Placement } from './insertion.ts';
import type { ScriptRun } from './script-run.ts';

/** Finds the task of a call that was called before, or that says what it may reuse; adds one where there is none. */
export function meetCall({ tx, ids, run }: Insertion, wanted: CallToInsert, rows: CallRows): Landing {
  const { call } = wanted;
  const { identity } = rows;
  const { app, lane, requirements } = rows.task;
  const callRow = meetCallRow(tx, rows.call);
  const { versions } = callRow;
  const same = versions.find((one) => one.app === app && identityText(one.identity) === identity);
  if (same !== undefined) {
    const superseded = supersedeEarlier(tx, versions, { keep: same, run });
    const placement = meetAgain(tx, same, { call, requirements, lane, run });
    if (placement === 'reused') ids.warnOfVersions(tx, same.id, call);
    return { task: { row: same.id, call: callRow.id, identity }, placement, superseded };
  }
  const reused = findReusable(tx, ids, { ...wanted, key: rows.call.key });
  if (reused !== undefined) {
    ids.warnOfVersions(tx, reused.id, call);
    const task = { row: reused.id, call: reused.call, identity: identityText(reused.identity) };
    return { task, placement: 'reused', superseded: 0 };
  }
  const superseded = supersedeEarlier(tx, versions, { run });
  const row = insertTask(tx, { ...rows.task, call: callRow.id, previous: callRow.latest });
  return { task: { row, call: callRow.id, identity }, placement: 'new', superseded };
}

interface Meeting extends Pick<CallToInsert, 'call'> {
  readonly requirements: readonly Requirement[];
  readonly lane: number;
  readonly run: ScriptRun;
}

/** What becomes of a task that is called again. Until it starts it is what the newest call says. */
function meetAgain(tx: Transaction, task: CallVersion, meeting: Meeting): Placement {
  const renew = (): TaskCore =>
    changeRequirements(tx, moveToLane(tx, task, meeting.lane), meeting.requirements);
  switch (task.state) {
    case TaskState.SUCCEEDED:
      return 'reused';
    case TaskState.WAITING:
    case TaskState.BLOCKED:
    case TaskState.PENDING:
      if (task.handed === 0) renew();
      return task.handed === 1 && retryReturned(tx, task.id, meeting) ? 'retried' : 'found';
    case TaskState.SUPERSEDED:
      tx.change('revive', renew());
      return 'found';
    case TaskState.FAILED:
    case TaskState.KILLED:
    case TaskState.UNKNOWN:
      if (!meeting.call.retryFailed || !endedBefore(tx, task.id, meeting)) return 'found';
      renew();
      retryTask(tx, task.id);
      return 'retried';
    default:
      return 'found';
  }
}

/** The script calls a task that returned Futures again, not the tasks these stand for. */
function retryReturned(tx: Transaction, task: number, meeting: Meeting): boolean {
  if (!meeting.call.retryFailed) return false;
  const retried = returnedTasks(tx.db, task).map(({ requirement }) => {
    if (tx.core(requirement)?.handed === 1) return retryReturned(tx, requirement, meeting);
    const state = stateOf(tx.db, requirement);
    const hasFailed = state !== undefined && isEnded(state) && state !== TaskState.SUCCEEDED;
    return hasFailed && endedBefore(tx, requirement, meeting) && retryTask(tx, requirement);
  });
  return retried.includes(true);
}

function endedBefore(tx: Transaction, task: number, { run: { cursorAtStart } }: Meeting): boolean {
  return lastAttemptOf(tx.db, task) <= cursorAtStart;
}

interface Superseding {
  readonly keep?: CallVersion;
  readonly run: ScriptRun;
}

/**
 * Tasks of the same call with other code that have not started are not wanted any more, unless this run of the script
 * called them itself: apps made in a loop share a name, and their Futures are waited for.
 */
function supersedeEarlier(
  tx: Transaction,
  versions: readonly CallVersion[],
  { keep, run }: Superseding,
): number {
  let count = 0;
  for (const version of versions) {
    if (version === keep || version.handed === 1 || run.hasMet(version.id)) continue;
    if (tx.change('supersede', version) !== undefined) count++;
  }
  return count;
}

function findReusable(
  tx: Transaction,
  ids: DefinitionIds,
  { call: { reuse, app }, index, key }: CallToInsert & { readonly key: string },
): CallVersion | undefined {
  if (reuse === undefined) return undefined;
  const found = findCall(tx, ids.nameOf(tx, reuse.name), reuse.by === 'index' ? { number: index } : { key });
  if (found === undefined) return undefined;
  const states: readonly number[] = reuse.states.map((state) => TaskState[state]);
  const version = versionsOfCall(tx, found.latest).find(({ state }) => states.includes(state));
  if (version === undefined || found.key === key) return version;
  throw new PipeError(
    'REUSE_MISMATCH',
    `Call ${index} of ${app.name} has other arguments than the task it is to reuse: ${found.key} before, ` +
      `${key} now. Reuse by arguments, or restore the order of the calls.`,
  );
}
