import { describe, expect, it } from 'vitest';
import { nearestName, unknownName } from '../../src/util/index.ts';

describe('nearestName', () => {
  it.each([
    ['maxWorker', 'maxWorkers'],
    ['max_workers', 'maxWorkers'],
    ['bsae', 'base'],
    ['PROVIDER', 'provider'],
    ['schedler', 'scheduler'],
    ['max', 'maxWorkers'],
    ['baseDirectory', 'base'],
  ])('takes %s for a slip of %s', (word, wanted) => {
    expect(nearestName(word, ['base', 'provider', 'scheduler', 'maxWorkers'])).toBe(wanted);
  });

  it('prefers the first of the closest', () => {
    expect(nearestName('tasl', ['times', 'task', 'tasks'])).toBe('task');
  });

  it.each(['x', '', 'completely-different'])('suggests nothing for %j', (word) => {
    expect(nearestName(word, ['base', 'local', 'a'])).toBeUndefined();
  });
});

describe('unknownName', () => {
  it('suggests the nearest name', () => {
    expect(unknownName('Provider', 'locl', ['slurm', 'local'])).toBe(
      'Provider "locl" is unknown. Did you mean "local"?',
    );
  });

  it('lists the known names when none is near', () => {
    expect(unknownName('Provider', 'moon', ['slurm', 'local'])).toBe(
      'Provider "moon" is unknown. Known: local, slurm.',
    );
  });

  it('suggests nothing when there are no names', () => {
    expect(unknownName('Profile', 'sims', [])).toBe('Profile "sims" is unknown.');
  });
});
