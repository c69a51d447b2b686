import type { PageFile } from './page-file.ts';

/** The pages that a file says are free, all of them; undefined where it cannot be told. They hold rows of old. */
export function freePages(file: PageFile): ReadonlySet<number> | undefined {
  const head = file.page(1);
  if (head === undefined || head.toString('latin1', 0, 15) !== 'SQLite format 3') return undefined;
  const pages = new Set<number>();
  for (let trunk = head.readUInt32BE(32); trunk !== 0; ) {
    const page = pages.has(trunk) ? undefined : file.page(trunk);
    const count = page?.readUInt32BE(4) ?? Infinity;
    if (page === undefined || count > file.usable / 4 - 2) return undefined;
    pages.add(trunk);
    for (let index = 0; index < count; index++) pages.add(page.readUInt32BE(8 + 4 * index));
    trunk = page.readUInt32BE(0);
  }
  return pages.size === head.readUInt32BE(36) ? pages : undefined;
}
