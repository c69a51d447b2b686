import { readSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A worker's note: the tasks it began last, written without sync before each starts. After a crash it tells "claimed"
 * from "started" at no cost, and it tells whose the bytes in the worker's output files are. A record is five numbers of
 * 8 bytes; the file is a ring of them, after one more number, the floor, which the agent writes.
 *
 * The agent takes tasks back that it sent ahead, also from a worker too busy to read messages: it writes the floor, then
 * looks which have begun. The worker notes that one begins, then looks at the floor. Whoever is second sees the other,
 * so that a task that was taken back is not begun.
 */
export interface NoteRecord {
  /** Which of the tasks that the worker was sent, counted from 1. */
  readonly sequence: number;
  /** Row id. */
  readonly task: number;
  readonly attempt: number;
  /** How long the output files were when it began. */
  readonly outOffset: number;
  readonly errOffset: number;
}

const SIZE = 40;
const FLOOR_SIZE = 8;
const LEAST_RECORDS = 64;

/** What the tasks up to this one of those that a worker was sent are, where they have not begun: taken back. */
export function writeFloor(file: number, floor: number): void {
  writeSync(file, new Float64Array([floor]), 0, FLOOR_SIZE, 0);
}

/** 0 where nothing was taken back yet. */
export function readFloor(file: number): number {
  readSync(file, floorRead, 0, FLOOR_SIZE, 0);
  return floorRead[0] ?? 0;
}

const floorRead = new Float64Array(1);

/** Folder for what the workers of an agent write while they run. */
export function workersDirectory(directory: string, agent: number): string {
  return join(directory, 'workers', String(agent));
}

/** How many records the note of a worker holds, so that those of all tasks under way are among them. */
export function noteCapacity(slots: number): number {
  return Math.max(LEAST_RECORDS, 2 * slots);
}

/** What makes a note one without records; the floor stays. */
export function emptyNote(capacity: number): { readonly bytes: Uint8Array; readonly position: number } {
  return { bytes: new Uint8Array(capacity * SIZE), position: FLOOR_SIZE };
}

/** A record as bytes, to be used before the next call, and where in the file it goes: after `place` records. */
export function noteEntry(
  record: NoteRecord,
  place: number,
): { readonly bytes: Uint8Array; readonly position: number } {
  const { sequence, task, attempt, outOffset, errOffset } = record;
  numbers[0] = sequence;
  numbers[1] = task;
  numbers[2] = attempt;
  numbers[3] = outOffset;
  numbers[4] = errOffset;
  return { bytes: numberBytes, position: FLOOR_SIZE + place * SIZE };
}

// One for all: a worker writes thousands a second.
const numbers = new Float64Array(SIZE / 8);
const numberBytes = new Uint8Array(numbers.buffer);

/** The records, the oldest first. */
export function readNote(bytes: Uint8Array): NoteRecord[] {
  const records: NoteRecord[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = FLOOR_SIZE; at + SIZE <= bytes.byteLength; at += SIZE) {
    const [sequence = 0, task = 0, attempt = 0, outOffset = 0, errOffset = 0] = [0, 8, 16, 24, 32].map(
      (offset) => view.getFloat64(at + offset, true),
    );
    if (sequence > 0) records.push({ sequence, task, attempt, outOffset, errOffset });
  }
  return records.sort((a, b) => a.sequence - b.sequence);
}
