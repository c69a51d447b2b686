import { types } from 'node:util';

/** A view of memory that others look at too: which ArrayBuffer stands for the memory, and where the view begins. */
interface Window {
  readonly buffer: ArrayBuffer;
  readonly offset: number;
}

type Noted = { readonly views: Set<ArrayBufferView>; isValue: boolean };

// Any typed array may begin at a multiple of this.
const ALIGNMENT = 8;

/**
 * Finds the views that share bytes, with each other or with an ArrayBuffer that is itself part of the value. All
 * other views travel alone, with the bytes they cover: a Buffer brings nothing else out of the pool it lies in.
 */
export class SharedMemory {
  readonly #noted = new Map<ArrayBufferLike, Noted>();
  readonly #windows = new Map<ArrayBufferView, Window>();
  #isSettled = false;

  /** Takes notice of a value while it is written for the first time. */
  note(value: ArrayBuffer | ArrayBufferView): void {
    if (this.#isSettled) return;
    const buffer = ArrayBuffer.isView(value) ? value.buffer : value;
    const noted = this.#noted.get(buffer) ?? { views: new Set(), isValue: false };
    this.#noted.set(buffer, noted);
    if (ArrayBuffer.isView(value)) noted.views.add(value);
    else noted.isValue = true;
  }

  /** Decides what is shared; true when something is, and the value has to be written again. */
  settle(): boolean {
    this.#isSettled = true;
    for (const [buffer, { views, isValue }] of this.#noted) {
      if (!types.isArrayBuffer(buffer)) continue;
      if (isValue) for (const view of views) this.#windows.set(view, { buffer, offset: view.byteOffset });
      else for (const group of overlapping(views)) this.#share(buffer, group);
    }
    return this.#windows.size > 0;
  }

  windowOf(view: ArrayBufferView): Window | undefined {
    return this.#windows.get(view);
  }

  #share(buffer: ArrayBuffer, group: readonly ArrayBufferView[]): void {
    const start = group[0]?.byteOffset ?? 0;
    const padding = start % ALIGNMENT;
    const part = buffer.slice(
      start - padding,
      group.reduce((end, view) => Math.max(end, endOf(view)), 0),
    );
    new Uint8Array(part, 0, padding).fill(0);
    for (const view of group) {
      this.#windows.set(view, { buffer: part, offset: view.byteOffset - start + padding });
    }
  }
}

/** Groups of two and more views whose bytes overlap, each in the order in which they begin. */
function overlapping(views: Iterable<ArrayBufferView>): readonly (readonly ArrayBufferView[])[] {
  const groups: ArrayBufferView[][] = [];
  let end = 0;
  const filled = [...views].filter((view) => view.byteLength > 0);
  for (const view of filled.sort((a, b) => a.byteOffset - b.byteOffset)) {
    if (view.byteOffset < end) groups.at(-1)?.push(view);
    else groups.push([view]);
    end = Math.max(end, endOf(view));
  }
  return groups.filter((group) => group.length > 1);
}

function endOf(view: ArrayBufferView): number {
  return view.byteOffset + view.byteLength;
}
