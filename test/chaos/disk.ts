import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Random } from './random.ts';
import type { Operation } from './trace.ts';

/** What of the operations that no sync has covered the power cut spares. */
export type Spared = 'nothing' | 'everything' | 'something';

type Change = { readonly at: number; readonly bytes: Buffer } | { readonly size: number };

const SECTOR = 512;

/** A file: what is safe on the disk, and what was done to it since its last sync, sector by sector. */
class File {
  safe: Buffer = Buffer.alloc(0);
  #size = 0;
  changes: Change[] = [];

  write(at: number | undefined, bytes: Buffer): void {
    const from = at ?? this.#size;
    this.#size = Math.max(this.#size, from + bytes.length);
    // Power may fail in the middle of a write.
    for (let done = 0; done < bytes.length; done += SECTOR)
      this.changes.push({ at: from + done, bytes: bytes.subarray(done, done + SECTOR) });
  }

  resize(size: number): void {
    this.#size = size;
    this.changes.push({ size });
  }

  sync(): void {
    this.safe = this.after(this.changes);
    this.changes = [];
  }

  after(changes: readonly Change[]): Buffer {
    let size = this.safe.length;
    const most = changes.reduce((max, one) => Math.max(max, endOf(one)), size);
    const bytes = Buffer.alloc(most);
    this.safe.copy(bytes);
    for (const change of changes) {
      if ('size' in change) bytes.fill(0, change.size);
      else change.bytes.copy(bytes, change.at);
      size = 'size' in change ? change.size : Math.max(size, endOf(change));
    }
    return bytes.subarray(0, size);
  }
}

function endOf(change: Change): number {
  return 'size' in change ? change.size : change.at + change.bytes.length;
}

/** Names of one folder: those that are safe, and the changes since the folder's last sync. */
interface Folder {
  safe: Map<string, File | 'folder'>;
  changes: ((names: Map<string, File | 'folder'>) => void)[];
}

/**
 * A disk that keeps only what was synced: contents by the sync of a file, names by the sync of the folder that holds
 * them, as POSIX has it. Of the rest it keeps what it likes; of the names of a folder the first so many.
 */
export class Disk {
  readonly #folders = new Map<string, Folder>();
  readonly #files = new Map<string, File>();
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
    this.#folders.set(root, { safe: new Map(), changes: [] });
  }

  apply(operation: Operation): void {
    const { kind, path } = operation;
    if (operation.kind === 'rename') this.#move(path, operation.to);
    else if (kind === 'mkdir') this.#makeFolder(path);
    else if (kind === 'create') this.#fileAt(path);
    else if (kind === 'truncate') this.#fileAt(path).resize(0);
    else if (kind === 'resize') this.#fileAt(path).resize(operation.size);
    else if (kind === 'write') this.#write(operation);
    else if (kind === 'sync') this.#sync(path);
    else if (kind === 'unlink') {
      this.#files.delete(path);
      this.#rename(path, (names) => names.delete(nameOf(path)));
    }
  }

  /** Makes a folder as it is found when the power is back. */
  image(target: string, spared: Spared, random: Random): void {
    this.#copy(this.#root, target, { spared, random });
  }

  #copy(path: string, target: string, cut: { readonly spared: Spared; readonly random: Random }): void {
    mkdirSync(target, { recursive: true });
    const folder = this.#folders.get(path);
    if (folder === undefined) return;
    const names = new Map(folder.safe);
    const kept = {
      nothing: 0,
      everything: folder.changes.length,
      something: cut.random.below(folder.changes.length + 1),
    };
    for (const change of folder.changes.slice(0, kept[cut.spared])) change(names);
    for (const [name, file] of names) {
      if (file === 'folder') this.#copy(join(path, name), join(target, name), cut);
      else writeFileSync(join(target, name), file.after(some(file.changes, cut.spared, cut.random)));
    }
  }

  #makeFolder(path: string): void {
    if (path === this.#root) return;
    this.#folders.set(path, { safe: new Map(), changes: [] });
    this.#rename(path, (names) => names.set(nameOf(path), 'folder'));
  }

  #fileAt(path: string): File {
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    const file = new File();
    this.#files.set(path, file);
    this.#rename(path, (names) => names.set(nameOf(path), file));
    return file;
  }

  #write({ path, at, bytes }: Extract<Operation, { kind: 'write' }>): void {
    this.#files.get(path)?.write(at, bytes);
  }

  #sync(path: string): void {
    this.#files.get(path)?.sync();
    const folder = this.#folders.get(path);
    if (folder === undefined) return;
    for (const change of folder.changes) change(folder.safe);
    folder.changes = [];
  }

  #move(from: string, to: string): void {
    const file = this.#files.get(from);
    if (file === undefined) return;
    this.#files.delete(from);
    this.#files.set(to, file);
    this.#rename(to, (names) => {
      names.delete(nameOf(from));
      names.set(nameOf(to), file);
    });
  }

  #rename(path: string, change: (names: Map<string, File | 'folder'>) => void): void {
    this.#folders.get(dirname(path))?.changes.push(change);
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function some(changes: readonly Change[], spared: Spared, random: Random): readonly Change[] {
  if (spared === 'nothing') return [];
  return spared === 'everything' ? changes : changes.filter(() => random.next() < 0.5);
}
