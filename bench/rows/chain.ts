// A chain of tasks, each of which needs the one before. Time of a hop: between the starts of the first task and the last.
import { drain } from '../lib/drain.ts';
import { check, measure } from '../lib/place.ts';

interface Link {
  readonly hops: number;
  /** Of the monotonic clock, which all processes share. */
  readonly firstMs: number;
  readonly lastMs: number;
}

await measure(async ({ queue, tm, size }) => {
  const hop = tm.tsApp(function hop(before?: Link): Link {
    const ms = Number(process.hrtime.bigint()) / 1e6;
    return before === undefined
      ? { hops: 0, firstMs: ms, lastMs: ms }
      : { hops: before.hops + 1, firstMs: before.firstMs, lastMs: ms };
  });
  let last = hop();
  for (let index = 0; index < size; index++) last = hop(last);
  const { whole } = await drain(queue);
  const { hops, firstMs, lastMs } = await last.result();
  check(hops === size, 'the number of hops');
  return { hop: (lastMs - firstMs) / size, whole: (whole * 1000) / size };
});
