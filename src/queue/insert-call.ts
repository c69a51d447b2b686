import { insertNewCall, isInScope, isScoped, widenScope } from '../store/index.ts';
import { identityBytes, storedCall, taskIdentity } from './call-identity.ts';
import type { CallRows, CallToInsert, Insertion, Landing } from './insertion.ts';
import { meetCall } from './meet-call.ts';

/** Finds the task of a call or adds it, as DESIGN §3 says. */
export function insertCall(insertion: Insertion, wanted: CallToInsert): Landing {
  const rows = callRows(insertion, wanted);
  const landing = insertNew(insertion, wanted, rows) ?? meetCall(insertion, wanted, rows);
  const { tx } = insertion;
  const { parent } = wanted.call;
  if (parent !== undefined && isScoped(tx.db) && isInScope(tx.db, parent)) widenScope(tx, [landing.task.row]);
  return landing;
}

function callRows({ tx, ids }: Insertion, { call, futures, blob }: CallToInsert): CallRows {
  const { name, app, lane, identityStart } = ids.of(tx, call);
  const { key, args } = storedCall(call, futures);
  const identity = taskIdentity(identityStart, call, futures);
  const requirements = futures.map(({ task, kind }) => ({ requirement: task.row, kind }));
  return {
    call: { name, key, args, blob },
    task: { app, lane, identity: identityBytes(identity), requirements },
    identity,
  };
}

/** Most calls are new: they are added without looking first. */
function insertNew(
  { tx }: Insertion,
  { call: { reuse } }: CallToInsert,
  rows: CallRows,
): Landing | undefined {
  if (reuse !== undefined) return undefined;
  const added = insertNewCall(tx, rows.call, rows.task);
  if (added === undefined) return undefined;
  const task = { row: added.task, call: added.call, identity: rows.identity };
  return { task, placement: 'new', superseded: 0 };
}
