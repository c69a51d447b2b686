import { statfsSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { output, PYTHON } from './run-program.ts';
import { ROOT } from './place.ts';

/** What figures depend on, without names and paths of the machine. */
export type Facts = Readonly<Record<string, string | number | null>>;

const FILE_SYSTEMS: Readonly<Record<number, string>> = {
  61267: 'ext4',
  16914836: 'tmpfs',
  1481003842: 'xfs',
  2435016766: 'btrfs',
  2035054128: 'overlayfs',
  26985: 'nfs',
};

export function machineFacts(): Facts {
  const type = statfsSync(ROOT).type;
  return {
    processor: cpus()[0]?.model ?? null,
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1e9),
    kernel: `${process.platform} ${release().split('.').slice(0, 2).join('.')}`,
    fileSystem: FILE_SYSTEMS[type] ?? `0x${type.toString(16)}`,
    loadBefore: Number(loadavg()[0]?.toFixed(2)),
  };
}

export async function versionFacts(): Promise<Facts> {
  return {
    commit: (await output('git', 'rev-parse', '--short', 'HEAD')) ?? null,
    node: process.versions.node,
    sqlite: process.versions.sqlite ?? null,
    python: (await output(PYTHON, '--version'))?.split(' ')[1] ?? null,
    distributed: (await output(PYTHON, '-c', 'import distributed; print(distributed.__version__)')) ?? null,
    redis: /v=([\d.]+)/.exec((await output('redis-server', '--version')) ?? '')?.[1] ?? null,
    parallel: (await output('parallel', '--version'))?.split('\n')[0]?.split(' ').at(-1) ?? null,
  };
}
