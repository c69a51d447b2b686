import { eligibleState, outcomeOf, TaskState, type TaskStateCode } from '../../src/model/index.ts';
import { allRequirements, type Database, RequirementKind } from '../../src/store/index.ts';

interface Row {
  readonly id: number;
  readonly state: TaskStateCode;
  readonly unfinished: number;
  readonly failed: number;
  readonly agent: number | null;
  readonly attempts: number;
}

/** In words, where a queue contradicts itself: counters, states, tally, holders, attempts and results from scratch. */
export function inconsistencies(db: Database): string[] {
  return [...wrongTasks(db), ...wrongTally(db), ...wrongAttempts(db), ...wrongResults(db)];
}

function wrongTasks(db: Database): string[] {
  const tasks = db.all<Row>('SELECT id, state, unfinished, failed, agent, attempts FROM task');
  const states = new Map(tasks.map(({ id, state }) => [id, state]));
  return tasks.flatMap((task) => {
    const counts = { unfinished: 0, failed: 0 };
    for (const { kind, requirement } of allRequirements(db, task.id)) {
      const outcome = outcomeOf(states.get(requirement));
      if (outcome === 'open') counts.unfinished++;
      if (outcome === 'failed' && kind !== RequirementKind.SETTLED) counts.failed++;
    }
    const faults: string[] = [];
    if (counts.unfinished !== task.unfinished || counts.failed !== task.failed)
      faults.push(
        `task ${task.id} has counters ${task.unfinished}, ${task.failed}, not ${Object.values(counts)}`,
      );
    const { WAITING, BLOCKED, PENDING, RUNNING, UNKNOWN } = TaskState;
    const hasNotStarted = task.state === WAITING || task.state === BLOCKED || task.state === PENDING;
    if (hasNotStarted && task.state !== eligibleState(counts))
      faults.push(`task ${task.id} is in state ${task.state}, not ${eligibleState(counts)}`);
    const isHeld = task.state === RUNNING || task.state === UNKNOWN;
    if (isHeld !== (task.agent !== null))
      faults.push(`task ${task.id} in state ${task.state} has agent ${task.agent}`);
    return faults;
  });
}

function wrongTally(db: Database): string[] {
  const by = 'app, lane, state';
  const counted = db.all(`SELECT ${by}, count(*) count FROM task GROUP BY ${by} ORDER BY ${by}`);
  const tally = db.all(`SELECT ${by}, count FROM tally WHERE count <> 0 ORDER BY ${by}`);
  const [a, b] = [JSON.stringify(counted), JSON.stringify(tally)];
  return a === b ? [] : [`the tally says ${b}, counting says ${a}`];
}

/** An attempt has one end, but for the kill of a user that came after it; only one that had begun is recorded. */
function wrongAttempts(db: Database): string[] {
  const twice = db.all<{ task: number; number: number }>(
    `SELECT task, number FROM attempt WHERE (account = 0 AND state <> 7) OR account = 2 GROUP BY task, number HAVING count(*) > 1`,
  );
  const early = db.all<{ id: number }>(
    'SELECT task.id FROM attempt JOIN task ON task.id = attempt.task WHERE attempt.number > task.attempts',
  );
  return [
    ...twice.map(({ task, number }) => `attempt ${number} of task ${task} ended twice`),
    ...early.map(({ id }) => `task ${id} has an attempt that was never claimed`),
  ];
}

/** What has succeeded has a result, and what has not has none. */
function wrongResults(db: Database): string[] {
  return db
    .all<{ id: number; state: number }>(
      `SELECT task.id, task.state FROM task LEFT JOIN result ON result.task = task.id
       WHERE (task.state = 5) <> (result.task IS NOT NULL) AND task.handed = 0`,
    )
    .map(({ id, state }) => `task ${id} in state ${state} is at odds with its result`);
}
