import type { PageFile } from './page-file.ts';
import { readVarint } from './record.ts';

/** The kinds of pages of a tree. */
export const PageKind = { INDEX_BRANCH: 2, TABLE_BRANCH: 5, INDEX_LEAF: 10, TABLE_LEAF: 13 } as const;

export interface Cell {
  /** The page below that holds what comes before; 0 in a leaf. */
  readonly child: number;
  /** Of a table: the row's id. */
  readonly rowId: number;
  /** Undefined in a branch of a table. */
  readonly payload: Buffer | undefined;
}

export interface TreePage {
  readonly kind: number;
  readonly cells: readonly Cell[];
  /** The page below that holds what comes last; 0 in a leaf. */
  readonly last: number;
  /** Pages that long records go on in. */
  readonly overflow: readonly number[];
}

/**
 * A page of a tree; undefined where anything about it is not as SQLite writes it: its cells and free pieces have to
 * fill it exactly. A part that was written over shows in this, even where single cells look sound.
 */
export function readTreePage(file: PageFile, number: number): TreePage | undefined {
  const page = file.page(number);
  if (page === undefined) return undefined;
  const at = number === 1 ? 100 : 0;
  const kind = page[at] ?? 0;
  const isBranch = kind === PageKind.TABLE_BRANCH || kind === PageKind.INDEX_BRANCH;
  if (!isBranch && kind !== PageKind.TABLE_LEAF && kind !== PageKind.INDEX_LEAF) return undefined;
  const count = page.readUInt16BE(at + 3);
  const begin = at + (isBranch ? 12 : 8);
  const content = page.readUInt16BE(at + 5) || 65_536;
  const gap = content - begin - 2 * count;
  if (gap < 0 || content > file.usable) return undefined;
  const cells: Cell[] = [];
  const overflow: number[] = [];
  const pieces: [number, number][] = [];
  for (let index = 0; index < count; index++) {
    const from = page.readUInt16BE(begin + 2 * index);
    const read = from < content ? undefined : readCell(file, page, { kind, from });
    if (read === undefined) return undefined;
    cells.push(read.cell);
    overflow.push(...read.overflow);
    pieces.push([from, Math.max(4, read.end - from)]);
  }
  const free = freePieces(page, page.readUInt16BE(at + 1));
  if (
    free === undefined ||
    !isFilled([...pieces, ...free], { content, end: file.usable, lost: page[at + 7] ?? 0 })
  )
    return undefined;
  return { kind, cells, last: isBranch ? page.readUInt32BE(at + 8) : 0, overflow };
}

function freePieces(page: Buffer, first: number): [number, number][] | undefined {
  const pieces: [number, number][] = [];
  for (let at = first; at !== 0; ) {
    if (at + 4 > page.byteLength) return undefined;
    pieces.push([at, page.readUInt16BE(at + 2)]);
    const next = page.readUInt16BE(at);
    if (next !== 0 && next <= at) return undefined;
    at = next;
  }
  return pieces;
}

/** Whether pieces do not overlap and leave only the lost bytes that the page counts. */
function isFilled(
  pieces: [number, number][],
  { content, end, lost }: { readonly content: number; readonly end: number; readonly lost: number },
): boolean {
  let at = content;
  let holes = 0;
  for (const [from, length] of pieces.sort((a, b) => a[0] - b[0])) {
    if (from < at) return false;
    holes += from - at;
    at = from + length;
  }
  return at <= end && holes + end - at === lost;
}

interface CellRead {
  readonly cell: Cell;
  readonly end: number;
  readonly overflow: readonly number[];
}

function readCell(
  file: PageFile,
  page: Buffer,
  { kind, from }: { readonly kind: number; readonly from: number },
): CellRead | undefined {
  const isBranch = kind === PageKind.TABLE_BRANCH || kind === PageKind.INDEX_BRANCH;
  if (isBranch && from + 4 > page.byteLength) return undefined;
  const child = isBranch ? page.readUInt32BE(from) : 0;
  const start = from + (isBranch ? 4 : 0);
  if (kind === PageKind.TABLE_BRANCH) {
    const key = readVarint(page, start);
    return key && { cell: { child, rowId: key[0], payload: undefined }, end: key[1], overflow: [] };
  }
  const size = readVarint(page, start);
  const row = kind === PageKind.TABLE_LEAF && size ? readVarint(page, size[1]) : undefined;
  if (size === undefined || size[0] < 0 || (kind === PageKind.TABLE_LEAF && row === undefined))
    return undefined;
  const body = row?.[1] ?? size[1];
  const local = localBytes(size[0], file.usable, kind === PageKind.TABLE_LEAF);
  const end = body + local + (local < size[0] ? 4 : 0);
  if (end > file.usable) return undefined;
  const rest = readOverflow(file, local < size[0] ? page.readUInt32BE(body + local) : 0, size[0] - local);
  if (rest === undefined) return undefined;
  const payload = Buffer.concat([page.subarray(body, body + local), ...rest.parts]);
  return { cell: { child, rowId: row?.[0] ?? 0, payload }, end, overflow: rest.pages };
}

/** How much of a payload stands on the page itself. */
function localBytes(payload: number, usable: number, isTable: boolean): number {
  const most = isTable ? usable - 35 : Math.floor(((usable - 12) * 64) / 255) - 23;
  if (payload <= most) return payload;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const fitting = least + ((payload - least) % (usable - 4));
  return fitting <= most ? fitting : least;
}

function readOverflow(
  file: PageFile,
  first: number,
  bytes: number,
): { readonly parts: readonly Buffer[]; readonly pages: readonly number[] } | undefined {
  const parts: Buffer[] = [];
  const pages: number[] = [];
  let next = first;
  for (let left = bytes; left > 0; left -= file.usable - 4) {
    const page = pages.length > file.count ? undefined : file.page(next);
    if (page === undefined) return undefined;
    pages.push(next);
    parts.push(page.subarray(4, 4 + Math.min(left, file.usable - 4)));
    next = page.readUInt32BE(0);
  }
  return next === 0 ? { parts, pages } : undefined;
}
