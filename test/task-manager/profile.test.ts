import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { registerProvider, TaskManager } from 'tspipe';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makePlace } from '../helpers/place.ts';

const FILE = `
scheduler: { maxWorkers: 2 }
profiles:
  sims: { scheduler: { maxWorkers: 8 }, environ: { data: { WHERE: cluster } } }
  laptop: { scheduler: { maxWorkers: 1 } }
  far: { environ: { WHERE: far }, scheduler: { maxWorkers: 9 }, provider: elsewhere }
`;

beforeEach(() => vi.stubEnv('TSPIPE_PROFILE', undefined));
afterEach(() => vi.unstubAllEnvs());

function withFile(): ReturnType<typeof makePlace> {
  const place = makePlace();
  writeFileSync(join(place.folder, 'config.yaml'), FILE);
  vi.stubEnv('TSPIPE_CONFIG_DIR', place.folder);
  return place;
}

describe('the profile of a task manager', () => {
  it('gives environment and scheduler, unless arguments do', () => {
    const { queue } = withFile();
    const sims = new TaskManager({ queue, profile: 'sims' });
    expect(sims.scheduler.maxWorkers).toBe(8);
    expect(sims.environ.get('WHERE')).toBe('cluster');
    expect(new TaskManager({ queue }).scheduler.maxWorkers).toBe(2);
    const own = new TaskManager({ queue, profile: 'sims', scheduler: { maxWorkers: 3 } });
    expect(own.scheduler.maxWorkers).toBe(3);
    expect(own.environ.get('WHERE')).toBe('cluster');
  });

  it('goes behind every argument, also when TSPIPE_PROFILE names it', () => {
    const { queue } = withFile();
    registerProvider('elsewhere', () => ({
      name: 'elsewhere',
      sharesAgent: true,
      defaultMaxWorkers: 1,
      submit: async () => '1',
      status: async () => new Map(),
      stop: async () => {},
      whyImpossible: () => undefined,
      toJSON: () => ({ provider: 'elsewhere' }),
    }));
    vi.stubEnv('TSPIPE_PROFILE', 'far');
    const far = new TaskManager({ queue, profile: 'sims' });
    expect([far.environ.get('WHERE'), far.scheduler.maxWorkers, far.provider.name]).toEqual([
      'far',
      9,
      'elsewhere',
    ]);
    const own = { environ: { WHERE: 'mine' }, scheduler: { maxWorkers: 5 }, provider: 'local' };
    const tm = new TaskManager({ queue, profile: 'sims', ...own });
    expect([tm.environ.get('WHERE'), tm.scheduler.maxWorkers, tm.provider.name]).toEqual([
      'mine',
      5,
      'local',
    ]);
  });

  it('is another for the whole script with TSPIPE_PROFILE', () => {
    const { queue } = withFile();
    vi.stubEnv('TSPIPE_PROFILE', 'laptop');
    expect(new TaskManager({ queue, profile: 'sims' }).scheduler.maxWorkers).toBe(1);
    expect(new TaskManager({ queue }).scheduler.maxWorkers).toBe(1);
  });

  it('changes a clone in what it sets', () => {
    const { queue } = withFile();
    const sims = new TaskManager({ queue, profile: 'sims' });
    const laptop = sims.clone({ profile: 'laptop' });
    expect(laptop.scheduler.maxWorkers).toBe(1);
    expect(laptop.environ.get('WHERE')).toBe('cluster');
    expect(sims.clone({ scheduler: { maxWorkers: 5 } }).environ.get('WHERE')).toBe('cluster');
  });

  it('is refused when unknown, with the nearest', () => {
    const { queue } = withFile();
    expect(() => new TaskManager({ queue, profile: 'simms' })).toThrow(
      expect.objectContaining({ code: 'NAME_UNKNOWN', message: expect.stringContaining('"sims"') }),
    );
  });
});
