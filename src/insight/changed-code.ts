import { readFileSync } from 'node:fs';
import { Queue } from '../queue/index.ts';
import { programRow } from '../store/index.ts';

/** A file whose text no longer holds the code that a queue has of an app. */
export interface ChangedCode {
  readonly name: string;
  readonly file: string;
}

/**
 * Of these programs (row ids with the name of their app), those whose function is no longer in its file as it was when
 * it was called. It looks at the function of the app itself, not at what it uses; files that are gone say nothing.
 */
export function changedCode(queue: Queue, programs: ReadonlyMap<number, string>): ChangedCode[] {
  const { store } = Queue.hostOf(queue);
  return [...programs].flatMap(([id, name]) => {
    const program = store.read((db) => programRow(db, id));
    const text = readText(program?.file ?? undefined);
    if (program?.file == null || text === undefined || holds(text, program.source)) return [];
    return [{ name, file: program.file }];
  });
}

function readText(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

/** Node strips types by writing as many spaces in their place: any character may stand where a space is. */
function holds(text: string, source: string): boolean {
  if (text.includes(source)) return true;
  const pattern = source.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replaceAll(' ', '[\\s\\S]');
  return new RegExp(pattern).test(text);
}
