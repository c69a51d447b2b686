import { join } from 'node:path';

/**
 * A worker's note: which tasks it is on, one record a slot of it, written without sync before a task starts. After a
 * crash it tells "claimed" from "started" at no cost. A record is four numbers of 8 bytes: row id of the task,
 * number of the attempt, and how long its output files were when it began.
 */
export interface NoteRecord {
  readonly task: number;
  readonly attempt: number;
  readonly outOffset: number;
  readonly errOffset: number;
}

const SIZE = 32;

/** Folder for what the workers of an agent write while they run. */
export function workersDirectory(directory: string, agent: number): string {
  return join(directory, 'workers', String(agent));
}

/** The bytes of a record; without one, those of an empty slot. */
export function noteBytes(record: NoteRecord | undefined): Uint8Array {
  const { task = 0, attempt = 0, outOffset = 0, errOffset = 0 } = record ?? {};
  return new Uint8Array(new Float64Array([task, attempt, outOffset, errOffset]).buffer);
}

/** Where the record of a slot stands in the file. */
export function notePosition(slot: number): number {
  return slot * SIZE;
}

/** The records of the slots that are taken. */
export function readNote(bytes: Uint8Array): NoteRecord[] {
  const records: NoteRecord[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const number = (at: number): number => view.getFloat64(at, true);
  for (let at = 0; at + SIZE <= bytes.byteLength; at += SIZE) {
    const [task, attempt] = [number(at), number(at + 8)];
    if (task > 0) records.push({ task, attempt, outOffset: number(at + 16), errOffset: number(at + 24) });
  }
  return records;
}
