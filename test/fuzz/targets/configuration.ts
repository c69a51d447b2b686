import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sectionReaders } from '../../../src/cli/section-readers.ts';
import { checkConfigFiles, loadConfig, loadProfile } from '../../../src/config/index.ts';
import { mutateText } from '../mutate-text.ts';
import { mutateTree, type Tree } from '../mutate-tree.ts';
import { readOrRefuse } from '../refusals.ts';
import { demand, type Target } from '../target.ts';

const SOUND: readonly Tree[] = [
  { base_queue_dir: './queues', scheduler: { maxWorkers: 4, concurrency: 2 } },
  { environ: { variables: { A: '1', B: '2' }, commands: ['module load gcc', 'source x'] } },
  { provider: 'local', profiles: { big: { scheduler: { maxWorkers: 64 }, provider: { name: 'local' } } } },
  { profiles: { big: { environ: 'cluster' }, test: { scheduler: 'simple', provider: 'slurm' } } },
];

/** Configuration files, as a whole, with the rooms that own their sections. */
export function configuration(folder: string): Target {
  mkdirSync(join(folder, 'project'), { recursive: true });
  const file = join(folder, 'project/tspipe.yaml');
  const env = { TSPIPE_CONFIG_DIR: join(folder, 'none'), HOME: folder };
  const sources = { cwd: join(folder, 'project'), env };
  const texts = SOUND.map((tree) => JSON.stringify(tree));
  return {
    input(random) {
      if (random.below(3) === 0) return mutateText(random, random.pick(texts) ?? '', texts);
      return JSON.stringify(mutateTree(random, random.pick(SOUND) ?? null, SOUND));
    },
    read(input) {
      writeFileSync(file, input);
      const read = readOrRefuse(() => {
        const config = loadConfig(sources);
        checkConfigFiles(sectionReaders, sources);
        return config;
      });
      if (read === undefined) return false;
      const { baseQueueDir, profiles } = read.value;
      demand(baseQueueDir === undefined || baseQueueDir.startsWith('/'), 'a relative folder of queues');
      demand(Object.values(profiles).every(isDictionary), 'a profile that is no dictionary');
      readOrRefuse(() => loadProfile('big', sources));
      return true;
    },
  };
}

function isDictionary(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
