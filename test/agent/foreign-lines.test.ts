import { spawn } from 'tspipe';
import { expect, it } from 'vitest';
import { append, makePlace } from '../helpers/place.ts';

it.each(['garbage', 'null', '{"type":"done","done":{}}', '[1,1,1]'])(
  'a worker whose task writes %s between it and its agent is ended, and the agent goes on',
  async (line) => {
    const { queue, log, lines, taskManager } = makePlace();
    const tm = taskManager({ scheduler: { maxWorkers: 1 } });
    const spoils = tm.tsApp(async function spoils(text: string) {
      const { writeSync } = await import('node:fs');
      writeSync(4, `${text}\n`);
      await new Promise(() => setInterval(() => undefined, 1000));
    });
    const writes = tm.tsApp(function writes(path: string) {
      append(path, 'done');
    });
    const spoilt = spoils(line);
    writes(log);
    await spawn(queue, { mode: 'no_stream' });
    expect(await (await spoilt.task()).state).toBe('KILLED');
    expect(lines()).toEqual(['done']);
  },
);
