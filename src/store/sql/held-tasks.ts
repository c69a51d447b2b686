import type { Database } from '../driver.ts';
import { CORE, type TaskCore } from '../transaction.ts';

/** The tasks an agent holds, also those of which it is not known whether it still does. */
export function heldTasks(db: Database, agent: number): TaskCore[] {
  return db.all<TaskCore>(
    `SELECT ${CORE} FROM task WHERE state = 4 AND agent = ?
     UNION ALL SELECT ${CORE} FROM task WHERE state = 8 AND (state = 2 OR state > 5) AND agent = ? ORDER BY id`,
    agent,
    agent,
  );
}

export interface RunningTask {
  readonly identity: Uint8Array;
  readonly host: string | null;
  readonly job: string | null;
  readonly pid: number | null;
}

/** The tasks that run now, with the agents that hold them. */
export function runningTasks(db: Database): RunningTask[] {
  return db.all<RunningTask>(
    `SELECT task.identity, process.host, process.job, process.pid FROM task INDEXED BY task_running
     JOIN process ON process.id = task.agent WHERE task.state = 4 ORDER BY task.id`,
  );
}

/** Whether agents other than one hold tasks. An agent may hold thousands; its own are not read. */
export function runsElsewhere(db: Database, agent: number): boolean {
  return db.get(`${ELSEWHERE} LIMIT 1`, agent, agent) !== undefined;
}

/** Running tasks of each task manager on agents other than one. */
export function runningElsewhere(db: Database, agent: number): { taskManager: number; running: number }[] {
  return db.all(
    `SELECT lane.task_manager taskManager, count(*) running
     FROM (${ELSEWHERE}) t JOIN lane ON lane.id = t.lane GROUP BY lane.task_manager`,
    agent,
    agent,
  );
}

const ELSEWHERE = `SELECT lane FROM task WHERE state = 4 AND agent < ?
  UNION ALL SELECT lane FROM task WHERE state = 4 AND agent > ?`;
