export { type ChangedCode, changedCode } from './changed-code.ts';
export { type TaskEntry, taskPages } from './task-entries.ts';
export { TextTable } from './text-table.ts';
export { showSeconds } from './show-seconds.ts';
