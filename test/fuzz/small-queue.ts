import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Queue, TaskManager } from '../../src/index.ts';
import { claimTasks, commitAttempts, emptyAttempt, insertAgent, Store } from '../../src/store/index.ts';
import { recordAttempt } from '../../src/store/sql/commits.ts';

/** The bytes of a small sound queue in which every table that is read holds something. */
export async function smallQueue(folder: string): Promise<Buffer> {
  const queue = new Queue('small', { baseDir: folder });
  const tm = new TaskManager({ queue });
  const half = tm.tsApp(function half(value: number, label = 'x') {
    return { value: value / 2, label };
  });
  const join2 = tm.tsApp(function join2(a: { value: number }, b: { value: number }) {
    return a.value + b.value;
  });
  for (let value = 0; value < 2; value += 2) join2(half(value), half(value + 1, 'y'));
  await queue.flush();
  queue.close();
  fill(queue.path);
  const db = new DatabaseSync(queue.path);
  // All in one file.
  db.exec('VACUUM');
  db.close();
  return readFileSync(join(folder, 'small.sqlite'));
}

/** Some tasks end, without agents. */
function fill(path: string): void {
  const store = new Store(path);
  const [blob] = [store.blobs.write([Buffer.from('long output\n'.repeat(100))])];
  store.writeNow((tx) => {
    const agent = insertAgent(tx, { provider: 'local', starter: null, settings: '{}' });
    const claimed = claimTasks(tx, { agent, lane: 1, limit: 4, scoped: false });
    for (const [at, { id, attempts, app }] of claimed.entries()) {
      const ended = {
        ...emptyAttempt(id, attempts, agent),
        app,
        lane: 1,
        program: 1,
        exitCode: at,
        started: 1e12,
      };
      const output = { out: { text: 'seen\n', blob: null }, err: { text: null, blob } };
      const error = '{"$":"RangeError","v":{"message":"no","stack":"RangeError: no"}}';
      if (at === 0) {
        const result = {
          text: `{"value":${at},"label":{"$":"Map","v":[[1,{"$":"bigint","v":"2"}]]}}`,
          blob: null,
        };
        commitAttempts(tx, [{ ...ended, ...output, outcome: 'succeed', result }]);
      } else {
        commitAttempts(tx, [{ ...ended, ...output, outcome: 'fail', error }]);
        recordAttempt(tx, { ...ended, error }, 2);
      }
    }
  });
  store.close();
}
