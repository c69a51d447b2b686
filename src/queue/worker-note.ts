import { join } from 'node:path';

/**
 * A worker's note: the tasks it began last, written without sync before each starts. After a crash it tells "claimed"
 * from "started" at no cost, and it tells whose the bytes in the worker's output files are. A record is five numbers of
 * 8 bytes; the file is a ring of them.
 */
export interface NoteRecord {
  /** Counts the tasks of the worker from 1. */
  readonly sequence: number;
  /** Row id. */
  readonly task: number;
  readonly attempt: number;
  /** How long the output files were when it began. */
  readonly outOffset: number;
  readonly errOffset: number;
}

const SIZE = 40;
const LEAST_RECORDS = 64;

/** Folder for what the workers of an agent write while they run. */
export function workersDirectory(directory: string, agent: number): string {
  return join(directory, 'workers', String(agent));
}

/** How many records the note of a worker holds, so that those of all tasks under way are among them. */
export function noteCapacity(slots: number): number {
  return Math.max(LEAST_RECORDS, 2 * slots);
}

/** Bytes of a note. */
export function noteSize(capacity: number): number {
  return capacity * SIZE;
}

/** A record as bytes, and where in the file it goes: at the place that is `place` records from its beginning. */
export function noteEntry(
  record: NoteRecord,
  place: number,
): { readonly bytes: Uint8Array; readonly position: number } {
  const { sequence, task, attempt, outOffset, errOffset } = record;
  const bytes = new Uint8Array(new Float64Array([sequence, task, attempt, outOffset, errOffset]).buffer);
  return { bytes, position: place * SIZE };
}

/** The records, the oldest first. */
export function readNote(bytes: Uint8Array): NoteRecord[] {
  const records: NoteRecord[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + SIZE <= bytes.byteLength; at += SIZE) {
    const [sequence = 0, task = 0, attempt = 0, outOffset = 0, errOffset = 0] = [0, 8, 16, 24, 32].map(
      (offset) => view.getFloat64(at + offset, true),
    );
    if (sequence > 0) records.push({ sequence, task, attempt, outOffset, errOffset });
  }
  return records.sort((a, b) => a.sequence - b.sequence);
}
