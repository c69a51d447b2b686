import { describe, expect, it } from 'vitest';
import { commandError, commandOf } from '../../src/app/index.ts';

describe('what a bash app returns', () => {
  it('runs without a shell as a list, and by bash as a text', () => {
    expect(commandOf(['ls', '-l', 3, 4n], 'f')).toEqual({ file: 'ls', args: ['-l', '3', '4'] });
    expect(commandOf('ls | wc', 'f')).toEqual({ file: 'bash', args: ['-euo', 'pipefail', '-c', 'ls | wc'] });
  });

  for (const wrong of [
    undefined,
    null,
    3,
    {},
    '',
    ' \n',
    [],
    [''],
    ['ls', undefined],
    ['ls', 'a\0b'],
    Promise.resolve('ls'),
  ]) {
    it(`is refused when it is ${String(JSON.stringify(wrong))}`, () => {
      expect(() => commandOf(wrong, 'list')).toThrow(expect.objectContaining({ code: 'COMMAND_INVALID' }));
      expect(() => commandOf(wrong, 'list')).toThrow(/The bash app list returned/);
    });
  }
});

describe('how a command ended', () => {
  const ends: [number | null, NodeJS.Signals | null, RegExp][] = [
    [1, null, /exited with code 1\./],
    [126, null, /cannot be executed/],
    [127, null, /was not found/],
    [141, null, /a command of the pipe was cut off, SIGPIPE/],
    [137, null, /ended by signal 9/],
    [null, 'SIGKILL', /was ended by SIGKILL/],
  ];
  for (const [exitCode, signal, message] of ends) {
    it(`is said in words for ${exitCode ?? signal}`, () => {
      const error = commandError({ exitCode, signal }, 'f');
      expect(error).toMatchObject({ code: 'COMMAND_FAILED', message: expect.stringMatching(message) });
    });
  }

  it('is no error for exit code 0', () => {
    expect(commandError({ exitCode: 0, signal: null }, 'f')).toBeUndefined();
  });
});
