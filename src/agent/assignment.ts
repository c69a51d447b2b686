import type { LaneOptions } from '../app/index.ts';
import { storedArguments, taskId } from '../queue/index.ts';
import { type ClaimedTask, type LaneRow, programRow, type Store, taskInput } from '../store/index.ts';
import type { Assignment } from './crew.ts';

/** Reads all that a worker needs for a claimed task. */
export function makeAssignment(store: Store, task: ClaimedTask): Assignment {
  const { input, lane } = store.read((db) => ({
    input: taskInput(db, task.id),
    lane: db.get<LaneRow>('SELECT * FROM lane WHERE id = ?', task.lane),
  }));
  if (input === undefined || lane === undefined)
    throw new Error(`the rows of task ${task.id} are incomplete`);
  const program = store.read((db) => programRow(db, input.program));
  if (program === undefined) throw new Error(`the code of task ${task.id} is missing`);
  const options = JSON.parse(lane.options) as LaneOptions;
  return {
    run: {
      task: task.id,
      attempt: task.attempts,
      id: taskId(input.taskIdentity),
      name: input.name,
      index: input.number,
      kind: input.kind,
      program: program.id,
      args: storedArguments(store, { ...input, id: task.id }),
      timeoutSeconds: options.timeoutSeconds,
      versions: options.versions,
      env: {},
    },
    program: { text: program.text, blob: program.blob },
    taskManager: lane.task_manager,
    cwd: lane.cwd,
    options,
    lane: task.lane,
    app: task.app,
    alone: task.alone === 1,
    gpus: [],
    startedAt: 0,
  };
}
