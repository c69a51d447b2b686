import { REPAIR } from './finding.ts';
import { type RowCheck, TASK_ID } from './row-check.ts';

const LOST = 'Rows were lost, or another program changed the file.';
const AGAIN = 'Run the script again: it adds what is missing.';

/** Rows that name others which are not there. */
const DANGLING: readonly RowCheck[] = [
  {
    code: 'TASK_DANGLING',
    level: 'fault',
    what: 'Tasks whose call, app or lane is missing',
    sql: `SELECT ${TASK_ID} FROM task LEFT JOIN call ON call.id = task.call LEFT JOIN app ON app.id = task.app
      LEFT JOIN lane ON lane.id = task.lane WHERE call.id IS NULL OR app.id IS NULL OR lane.id IS NULL`,
    means: `${LOST} Their arguments, code or options are gone: they cannot run, and are not shown.`,
    cure: `${REPAIR} ${AGAIN}`,
  },
  {
    code: 'APP_DANGLING',
    level: 'fault',
    what: 'Apps whose name or code is missing',
    sql: `SELECT coalesce(app_name.name, 'app ' || app.id) FROM app LEFT JOIN app_name ON app_name.id = app.name
      LEFT JOIN program ON program.id = app.program WHERE app_name.id IS NULL OR program.id IS NULL`,
    means: `${LOST} No task of theirs can run any more.`,
    cure: `${REPAIR} ${AGAIN}`,
  },
  {
    code: 'LANE_DANGLING',
    level: 'fault',
    what: 'Lanes whose task manager is missing',
    sql: `SELECT 'lane ' || lane.id FROM lane LEFT JOIN task_manager ON task_manager.id = lane.task_manager
      WHERE task_manager.id IS NULL`,
    means: `${LOST} It is not known in which environment their tasks are to run.`,
    cure: `${REPAIR} ${AGAIN}`,
  },
  {
    code: 'REQUIREMENT_DANGLING',
    level: 'fault',
    what: 'Unfinished tasks that require tasks which are not there',
    sql: `SELECT DISTINCT ${TASK_ID} FROM task JOIN requires ON requires.task = task.id
      LEFT JOIN task needed ON needed.id = requires.requirement 
      WHERE task.state IN (1, 3, 4, 8) AND requires.kind <> 2 AND needed.id IS NULL`,
    means: `${LOST} They would wait for ever, or run without what they need.`,
    cure: `${REPAIR} ${AGAIN}`,
  },
  ...['requires', 'attempt', 'result', 'checkpoint', 'scope'].map(
    (table): RowCheck => ({
      code: `${table.toUpperCase()}_DANGLING`,
      level: 'fault',
      what: `Rows of the table "${table}" of tasks that are not there`,
      sql: `SELECT DISTINCT 'row ' || ${table}.task FROM ${table} LEFT JOIN task ON task.id = ${table}.task WHERE task.id IS NULL`,
      means: `${LOST} The tasks themselves are gone from the queue.`,
      cure: `${REPAIR} ${AGAIN}`,
    }),
  ),
  {
    code: 'OUTPUT_DANGLING',
    level: 'fault',
    what: 'Output of attempts that are not there',
    sql: `SELECT 'attempt ' || output.attempt FROM output LEFT JOIN attempt ON attempt.id = output.attempt
      WHERE attempt.id IS NULL`,
    means: `${LOST} What these attempts wrote is there, and it is not known who wrote it.`,
    cure: REPAIR,
  },
  {
    code: 'CALL_DANGLING',
    level: 'fault',
    what: 'Calls whose newest task is not there, or is of another call',
    sql: `SELECT 'call ' || call.id FROM call LEFT JOIN task ON task.id = call.latest
      WHERE call.latest IS NOT NULL AND task.call IS NOT call.id`,
    means: `${LOST} The same call would not find the task that it has.`,
    cure: REPAIR,
  },
  {
    code: 'VERSION_DANGLING',
    level: 'fault',
    what: 'Tasks that name an older version of themselves which is not there',
    sql: `SELECT ${TASK_ID} FROM task LEFT JOIN task older ON older.id = task.previous
      WHERE task.previous IS NOT NULL AND older.call IS NOT task.call`,
    means: `${LOST} A call with older code would not find its result.`,
    cure: REPAIR,
  },
];

/** Rows that contradict each other. */
const CONTRADICTIONS: readonly RowCheck[] = [
  {
    code: 'STATE_UNKNOWN',
    level: 'fault',
    what: 'Tasks in a state that does not exist',
    sql: `SELECT ${TASK_ID} FROM task WHERE typeof(state) <> 'integer' OR state NOT BETWEEN 1 AND 9`,
    means: 'Nothing happens to them any more.',
    cure: REPAIR,
  },
  {
    code: 'STATE_WRONG',
    level: 'fault',
    what: 'Tasks that have not started, in a state that is not the one their requirements give',
    sql: `SELECT ${TASK_ID} FROM task WHERE state <= 3 AND state <>
      CASE WHEN failed > 0 THEN 2 WHEN unfinished > 0 THEN 1 ELSE 3 END`,
    means: 'They would start too early, or never.',
    cure: REPAIR,
  },
  {
    code: 'COUNTERS_WRONG',
    level: 'fault',
    what: 'Tasks whose counts of unfinished and failed requirements are wrong',
    sql: `SELECT ${TASK_ID} FROM (
        SELECT requires.task, sum(needed.state IS NOT NULL AND needed.state NOT IN (2, 5, 6, 7)) unfinished,
          sum((needed.state IS NULL OR needed.state IN (2, 6, 7)) AND requires.kind <> 2) failed
        FROM requires LEFT JOIN task needed ON needed.id = requires.requirement GROUP BY requires.task) counted
      JOIN task ON task.id = counted.task
      WHERE task.unfinished <> counted.unfinished OR task.failed <> counted.failed
      UNION ALL SELECT ${TASK_ID} FROM task WHERE (unfinished <> 0 OR failed <> 0)
        AND NOT EXISTS (SELECT 1 FROM requires WHERE requires.task = task.id)`,
    means: 'They would start too early, or never.',
    cure: REPAIR,
  },
  {
    code: 'HOLDER_WRONG',
    level: 'fault',
    what: 'Tasks that run and have no agent, or have an agent and do not run',
    sql: `SELECT ${TASK_ID} FROM task WHERE (state IN (4, 8)) <> (agent IS NOT NULL)`,
    means: 'Nobody would put them back, or somebody would who has nothing to do with them.',
    cure: REPAIR,
  },
  {
    code: 'RESULT_WRONG',
    level: 'fault',
    what: 'Tasks that succeeded and have no result, or have one and did not succeed',
    sql: `SELECT ${TASK_ID} FROM task LEFT JOIN result ON result.task = task.id
      WHERE (task.state = 5) <> (result.task IS NOT NULL) AND task.handed = 0`,
    means: 'Whoever asks for their result gets none, or one that does not count.',
    cure: `tspipe retry --tid ID --state succeeded runs one again. ${REPAIR}`,
  },
  {
    code: 'ATTEMPT_WRONG',
    level: 'fault',
    what: 'Tasks with an attempt that was never claimed, or that ended twice',
    sql: `SELECT DISTINCT ${TASK_ID} FROM attempt JOIN task ON task.id = attempt.task WHERE attempt.number > task.attempts
      UNION SELECT ${TASK_ID} FROM task JOIN (SELECT task FROM attempt WHERE (account = 0 AND state <> 7) OR account = 2
        GROUP BY task, number HAVING count(*) > 1) twice ON twice.task = task.id`,
    means: 'The record of what was run is not to be trusted.',
    cure: REPAIR,
  },
  {
    code: 'NUMBER_WRONG',
    level: 'fault',
    what: 'App names with more calls than they count',
    sql: `SELECT app_name.name FROM (SELECT name, max(number) number FROM call GROUP BY name) most
      JOIN app_name ON app_name.id = most.name WHERE most.number >= app_name.calls`,
    means: 'Two calls would get the same index.',
    cure: REPAIR,
  },
  {
    code: 'TALLY_WRONG',
    level: 'fault',
    what: 'Counts of tasks by state that are not what counting gives',
    sql: `SELECT 'app ' || app || ', lane ' || lane || ', state ' || state FROM (
        SELECT app, lane, state, count(*) count FROM task GROUP BY app, lane, state
        UNION ALL SELECT app, lane, state, -count FROM tally)
      GROUP BY app, lane, state HAVING sum(count) <> 0`,
    means: 'Listings show wrong numbers, and a manager may start too few agents, or end too early.',
    cure: REPAIR,
  },
  {
    code: 'HOLDER_ENDED',
    level: 'fault',
    what: 'Tasks that run on agents which have ended, or of which nothing is known',
    sql: `SELECT ${TASK_ID} FROM task INDEXED BY task_running LEFT JOIN process ON process.id = task.agent
      WHERE task.state = 4 AND (process.id IS NULL OR process.ended IS NOT NULL)`,
    means: 'They run nowhere, and what requires them waits for ever.',
    cure: 'tspipe kill --state running ends them, tspipe retry starts them again.',
  },
];

/** All rules about rows. */
export const ROW_CHECKS: readonly RowCheck[] = [...DANGLING, ...CONTRADICTIONS];
