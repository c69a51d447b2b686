export { Blobs } from './blobs.ts';
export { checkQueue, type QueueCheck } from './check/check-queue.ts';
export type { Finding } from './check/finding.ts';
export { type Database, dataVersion } from './driver.ts';
export { convertQueue } from './convert.ts';
export type { QueueMode } from './queue-mode.ts';
export { assertRunnable, whyOnlyRead } from './access.ts';
export { removeFiles, type Share } from './queue-files.ts';
export { Store, type Sync } from './store.ts';
export { closedError, goneError } from './store-errors.ts';
export { type QueueRepair, repairQueue } from './repair/repair-queue.ts';
export { storedObject, storedTexts } from './stored-json.ts';
export { taskRowPages } from './task-pages.ts';
export {
  type CallVersion,
  changeRequirements,
  ensureCall,
  findCall,
  insertNewCall,
  insertTask,
  meetCallRow,
  type NewCall,
  type NewTask,
  type Requirement,
  versionsOfCall,
} from './sql/calls.ts';
export {
  deleteAllTasks,
  deleteTasks,
  killTask,
  loseTask,
  moveToLane,
  openKillRequests,
  retryTask,
  withDependents,
} from './sql/changes.ts';
export {
  type AppRow,
  appRow,
  argsText,
  type ClaimedTask,
  claimTasks,
  type PendingLane,
  pendingLanes,
  takesFutures,
} from './sql/claims.ts';
export { commitAttempts, releaseTasks } from './sql/commits.ts';
export { AttemptAccount, emptyAttempt, type EndedAttempt, type StoredText } from './sql/ended-attempt.ts';
export { beatsOf, leaseMs, writeBeat, writeLease } from './sql/beats.ts';
export { msUntilDue, wakeDue } from './sql/delays.ts';
export { type CodeRow, codesOfApp, codesOfTasks } from './sql/codes-of-app.ts';
export {
  environments,
  ensureApp,
  ensureAppName,
  ensureLane,
  ensureProgram,
  ensureTaskManager,
  laneRow,
  type LaneRow,
  type ProgramRow,
  type TaskManagerRow,
  taskManagerRow,
} from './sql/definitions.ts';
export { namesOfApps, newestOfApps } from './sql/newest-of-apps.ts';
export {
  answerKillRequests,
  endProcess,
  identityOf,
  insertAgent,
  insertManager,
  killRequests,
  liveProcesses,
  type ProcessRow,
  processRow,
  requestStop,
  type SlotRow,
  slotsOf,
  type StopLevel,
  writeIdentity,
  writeJob,
  writeSlot,
  writeVersions,
} from './sql/processes.ts';
export {
  addToScope,
  clearScope,
  forgetSlow,
  isInScope,
  isScoped,
  noteSlow,
  queueState,
  slowApps,
  widenScope,
  writeQueueState,
} from './sql/queue-state.ts';
export {
  allRequirements,
  answerOf,
  argumentTasks,
  type AttemptRow,
  attemptsOf,
  checkpointOf,
  completionCursor,
  versionsOfResult,
  completionsSince,
  culpritAmong,
  dependentsOf,
  lastAttemptOf,
  outputOf,
  parametersOfProgram,
  programRow,
  type RequiredRow,
  type RequirementRow,
  resultOf,
  returnedResults,
  returnedTasks,
} from './sql/records.ts';
export { countByState, countByTaskManager, type CountRow, type TaskManagerCounts } from './sql/counts.ts';
export { countTasks, selectTaskIds, selectTasks, type TaskQuery } from './sql/find-tasks.ts';
export {
  heldTasks,
  runningElsewhere,
  runningTasks,
  type RunningTask,
  runsElsewhere,
} from './sql/held-tasks.ts';
export { countEndedSince, countFailedSince, countNeeded } from './sql/run-counts.ts';
export { selectTaskEntries, selectTaskTimes, type TaskEntryRow } from './sql/task-entries.ts';
export type { TaskRow } from './sql/task-rows.ts';
export { newestTask, stateOf, statesOf } from './sql/tasks.ts';
export { RequirementKind, type RequirementKindCode, type TaskCore, Transaction } from './transaction.ts';
