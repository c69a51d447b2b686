export { type AppTimes, appTimes, statistics } from './app-times.ts';
export { type ChangedCode, changedCode } from './changed-code.ts';
export { csvLine } from './csv.ts';
export { showsMoreThan } from './many-parts.ts';
export { plainJson } from './plain-json.ts';
export { type ResultColumns, resultColumns, type ResultRow, resultRows } from './result-rows.ts';
export { showSeconds } from './show-seconds.ts';
export { type TaskEntry, taskPages } from './task-entries.ts';
export { TextTable } from './text-table.ts';
