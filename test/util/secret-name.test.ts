import { describe, expect, it, vi } from 'vitest';
import { isSecretName } from '../../src/util/index.ts';

describe('isSecretName', () => {
  it.each(['API_KEY', 'github_token', 'MY_SECRET_X', 'PASSWORD', 'DB_PASS', 'AWS_SECRET_ACCESS_KEY'])(
    'takes %s for a secret',
    (name) => {
      expect(isSecretName(name)).toBe(true);
    },
  );

  it('goes by the patterns of TSPIPE_SECRET_NAMES too, those with ! first', () => {
    vi.stubEnv('TSPIPE_SECRET_NAMES', '*_CREDENTIALS, MINE !SSH_*PASS !*NO_KEY (a+)+$');
    const names = [
      'MY_CREDENTIALS',
      'MINE',
      'A_KEY',
      'SSH_ASKPASS',
      'NO_KEY',
      'CREDENTIALS_2',
      'TSPIPE_SECRET_NAMES',
    ];
    expect(names.filter(isSecretName)).toEqual(['MY_CREDENTIALS', 'MINE', 'A_KEY']);
  });

  it.each(['PATH', 'HOME', 'KEYBOARD', 'TOKENIZERS_PARALLELISM', 'SURVEY'])('takes %s for none', (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});
