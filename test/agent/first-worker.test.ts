import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Crew, type CrewTaskManager } from '../../src/agent/crew.ts';
import { Environments } from '../../src/agent/environments.ts';
import { SecretGuard } from '../../src/agent/secret-guard.ts';
import { startFirstWorker } from '../../src/agent/first-worker.ts';
import { Environment, type EnvironmentOptions } from '../../src/environment/index.ts';
import { makeFolder } from '../helpers/place.ts';
import { until } from '../helpers/processes.ts';

/** How many workers are started for a pending lane of a task manager before anything is claimed. */
async function started(
  known: Partial<Omit<CrewTaskManager, 'environ'>> & { readonly environ?: EnvironmentOptions },
  cwd?: string,
): Promise<number> {
  const folder = makeFolder();
  let gone = 0;
  const crew = new Crew(
    { queue: join(folder, 'q.sqlite'), folder, readProgram: () => ({ text: '', blob: null }) },
    { started: () => undefined, message: () => undefined, exit: () => gone++ },
  );
  const { workers = 1, concurrency = 1, environ = {} } = known;
  crew.taskManagers.set(7, { workers, concurrency, environ: new Environment({}, environ) });
  const lane = { lane: 1, taskManager: 7, options: '{}', priority: 0, pending: 1, first: 1 };
  startFirstWorker([{ ...lane, cwd: cwd ?? folder }], {
    crew,
    environments: new Environments(new SecretGuard(), () => undefined),
  });
  const count = crew.dismissIdle();
  await until('its workers are gone', () => gone === count);
  return count;
}

it('a worker is started before the first claim, and ends where there is no task for it', async () => {
  expect(await started({})).toBe(1);
  expect(await started({ workers: 2 })).toBe(1);
});

it('none is started early where it is not sure what it needs, or whether it is needed', async () => {
  expect(await started({ workers: 0 })).toBe(0);
  expect(await started({ concurrency: 2 })).toBe(0);
  expect(await started({ environ: { command: 'export A=1' } })).toBe(0);
  expect(await started({}, join(makeFolder(), 'gone'))).toBe(0);
});
