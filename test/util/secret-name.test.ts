import { describe, expect, it } from 'vitest';
import { isSecretName } from '../../src/util/index.ts';

describe('isSecretName', () => {
  it.each(['API_KEY', 'github_token', 'MY_SECRET_X', 'PASSWORD', 'DB_PASS', 'AWS_SECRET_ACCESS_KEY'])(
    'takes %s for a secret',
    (name) => {
      expect(isSecretName(name)).toBe(true);
    },
  );

  it.each(['PATH', 'HOME', 'KEYBOARD', 'TOKENIZERS_PARALLELISM', 'SURVEY'])('takes %s for none', (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});
