import { TaskState, type TaskStateCode } from './states.ts';

const { WAITING, BLOCKED, PENDING, RUNNING, SUCCEEDED, FAILED, KILLED, UNKNOWN, SUPERSEDED } = TaskState;

interface Transition {
  readonly from: readonly TaskStateCode[];
  /** `eligible` is WAITING, BLOCKED or PENDING, whichever the counters of requirements say. */
  readonly to: TaskStateCode | 'eligible';
}

/** Every change of a task's state, in one table. */
export const TRANSITIONS = {
  /** An agent takes the task. */
  claim: { from: [PENDING], to: RUNNING },
  /** The newest attempt returned; from UNKNOWN it is a late commit. */
  succeed: { from: [RUNNING, UNKNOWN], to: SUCCEEDED },
  /** The newest attempt raised, or exited with an error. */
  fail: { from: [RUNNING, UNKNOWN], to: FAILED },
  /** The newest attempt ended by a signal, a time-out or a limit. */
  stop: { from: [RUNNING, UNKNOWN], to: KILLED },
  /** The newest attempt returned Futures: the task is finished when they are. */
  hand: { from: [RUNNING, UNKNOWN], to: 'eligible' },
  /** All Futures that the task returned are done. */
  complete: { from: [WAITING, BLOCKED], to: SUCCEEDED },
  /** Claimed but not started, or another attempt is due. */
  release: { from: [RUNNING, UNKNOWN], to: 'eligible' },
  /** The agent vanished without proof of death. */
  vanish: { from: [RUNNING], to: UNKNOWN },
  /** A requirement changed. */
  recount: { from: [WAITING, BLOCKED, PENDING], to: 'eligible' },
  /** A user, or a new run of the script, wants it again. */
  retry: { from: [FAILED, KILLED, UNKNOWN, SUCCEEDED], to: 'eligible' },
  /** A user ends it. */
  kill: { from: [WAITING, BLOCKED, PENDING, RUNNING, UNKNOWN], to: KILLED },
  /** Called again with newer code before it started. */
  supersede: { from: [WAITING, BLOCKED, PENDING], to: SUPERSEDED },
  /** Called again with the code it had. */
  revive: { from: [SUPERSEDED], to: 'eligible' },
} as const satisfies Record<string, Transition>;

export type TransitionName = keyof typeof TRANSITIONS;

/** How many requirements of a task are unfinished, and how many failed. */
export interface RequirementCounts {
  readonly unfinished: number;
  readonly failed: number;
}

/** The state of a task that is not started, from the counts of its requirements. */
export function eligibleState(counts: RequirementCounts): TaskStateCode {
  if (counts.failed > 0) return BLOCKED;
  return counts.unfinished > 0 ? WAITING : PENDING;
}

/** The state after a transition, or undefined where the table does not allow it from `state`. */
export function nextState(
  transition: TransitionName,
  state: TaskStateCode,
  counts: RequirementCounts,
): TaskStateCode | undefined {
  const { from, to }: Transition = TRANSITIONS[transition];
  if (!from.includes(state)) return undefined;
  return to === 'eligible' ? eligibleState(counts) : to;
}
