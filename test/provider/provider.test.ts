import { describe, expect, it } from 'vitest';
import { spawn as start } from 'node:child_process';
import { once } from 'node:events';
import { type Provider, providerFrom, registerProvider } from '../../src/provider/index.ts';
import { hostResources } from '../../src/util/index.ts';

describe('a provider', () => {
  it('is found by its name, by a dictionary, and given as it is', () => {
    const local = providerFrom();
    expect(local.name).toBe('local');
    expect(providerFrom('local').toJSON()).toEqual(local.toJSON());
    expect(providerFrom({ provider: 'local' }).toJSON()).toEqual(local.toJSON());
    expect(providerFrom({ ...local.toJSON() }).toJSON()).toEqual(local.toJSON());
    expect(providerFrom(local)).toBe(local);
  });

  it('can be registered under a name, with options', () => {
    registerProvider('farm', ({ barn }) => ({ ...providerFrom(), name: `farm ${String(barn)}` }) as Provider);
    expect(providerFrom({ provider: 'farm', barn: 3 }).name).toBe('farm 3');
  });

  it('is refused where its name, its options or its kind are unknown, with the nearest name', () => {
    expect(() => providerFrom('lokal')).toThrow(/"?local"?/);
    expect(() => providerFrom({ provider: 'local', partition: 'x' })).toThrow(/partition/);
    expect(() => providerFrom(3 as never)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
    expect(() => providerFrom({ provider: 3 })).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });
});

describe('the local provider', () => {
  it('tells running processes from ended ones, and stops them', async () => {
    const child = start('sleep', ['100'], { stdio: 'ignore' });
    const job = String(child.pid);
    const local = providerFrom();
    expect(await local.status([job])).toEqual(new Map([[job, 'running']]));
    const exit = once(child, 'exit');
    await local.stop([job]);
    expect((await exit)[1]).toBe('SIGTERM');
    expect(await local.status([job])).toEqual(new Map([[job, 'ended']]));
    await local.stop([job]);
  });

  it('says why something can never run here, and nothing where it can', () => {
    const { cores, memoryBytes, gpus } = hostResources();
    const local = providerFrom();
    const all = { cores, memoryBytes, gpus: gpus.length };
    expect(local.whyImpossible(all)).toBeUndefined();
    expect(local.whyImpossible({ ...all, cores: cores + 1 })).toContain(`${cores + 1} cores`);
    expect(local.whyImpossible({ ...all, memoryBytes: memoryBytes * 2 })).toContain('GB of memory');
    expect(local.whyImpossible({ ...all, gpus: gpus.length + 1 })).toContain('GPUs');
    expect(local.defaultMaxWorkers).toBe(cores);
  });
});
