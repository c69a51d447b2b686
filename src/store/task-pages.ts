import type { TaskQuery } from './sql/find-tasks.ts';

/** Rows of tasks in the order they were added, in pages of at most `size`: each is read when it is asked for. */
export function* taskRowPages<Row extends { readonly id: number }>(
  query: TaskQuery,
  size: number,
  select: (query: TaskQuery) => readonly Row[],
): Generator<readonly Row[]> {
  let { after, limit: left = Infinity } = query;
  while (left > 0) {
    const limit = Math.min(size, left);
    const rows = select({ ...query, limit, after });
    if (rows.length > 0) yield rows;
    if (rows.length < limit) return;
    left -= rows.length;
    after = rows.at(-1)?.id;
  }
}
