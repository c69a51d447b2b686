import { ConfigDocument } from '../../../src/config/config-document.ts';
import { deleteIn, setIn, textOf } from '../../../src/config/edit-document.ts';
import { mutateText } from '../mutate-text.ts';
import { readOrRefuse } from '../refusals.ts';
import { demand, type Target } from '../target.ts';

const SOUND = [
  'base_queue_dir: ~/queues\nenviron: null\nscheduler: { maxWorkers: 4 }\n',
  '# of the group\nprofiles:\n  big: &big\n    scheduler:\n      maxWorkers: 64\n  more: *big\n',
  'profiles:\n  a: { environ: { variables: { A: "1", B: \'2\' } } }\n  b: &x {environ: cluster}\n  c:\n    <<: *x\n',
  'environ:\n  commands:\n    - module load gcc\n    - |\n      source x\n      export Y=1\nprovider: local\n',
  '%YAML 1.2\n---\nprovider:\n  name: local\n  options: [1, 2.5, true, ~, 0x10, 1e3, 2026-01-31]\n...\n',
];

/** Text of YAML: configuration, and files of the same kind. What is edited and written is read as the same again. */
export function yaml(): Target {
  return {
    input: (random) => mutateText(random, random.pick(SOUND) ?? '', SOUND),
    read(input) {
      const document = readOrRefuse(() => new ConfigDocument(input, 'config.yaml'));
      const read = document && readOrRefuse(() => document.value.values());
      if (read === undefined) return false;
      demand(Object.getPrototypeOf(read.value) === Object.prototype, 'values of another prototype');
      const edited = new ConfigDocument(input, 'config.yaml');
      if (edited.document.contents === null || !('items' in edited.document.contents)) return true;
      setIn(edited.document, ['base_queue_dir'], '/fuzz');
      const text = written(edited);
      if (text === undefined) return true;
      const again = new ConfigDocument(text, 'config.yaml').values();
      demand(
        JSON.stringify(sorted({ ...read.value, base_queue_dir: '/fuzz' })) === JSON.stringify(sorted(again)),
        'what was not edited changed',
      );
      deleteIn(edited.document, ['base_queue_dir']);
      return true;
    },
  };
}

/** Undefined where YAML has no way to write what it read; who edits files says so. */
function written({ document }: ConfigDocument): string | undefined {
  try {
    return textOf(document);
  } catch (error) {
    if (error instanceof Error && /^Anchor must not/.test(error.message)) return undefined;
    throw error;
  }
}

function sorted(values: object): unknown {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
}
