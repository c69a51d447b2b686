import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { BIN } from './run-cli.ts';

export function isInstalled(shell: string): boolean {
  return spawnSync(shell, ['-c', 'exit 0']).status === 0;
}

/** Variables with which a shell finds `tspipe`. */
export function withTspipe(folder: string): NodeJS.ProcessEnv {
  const bin = join(folder, '.bin');
  mkdirSync(bin);
  const text = `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`;
  writeFileSync(join(bin, 'tspipe'), text, { mode: 0o755 });
  return { PATH: `${bin}:${process.env.PATH}` };
}

const START = {
  bash: {
    file: 'rc',
    text: `PS1='ready> '; eval "$(tspipe completion bash)"`,
    command: 'bash --rcfile rc -i',
  },
  zsh: {
    file: '.zshrc',
    text: `PS1='ready> '; bindkey -e; autoload -Uz compinit; compinit -u -D; eval "$(tspipe completion zsh)"`,
    command: 'zsh -d -i',
  },
} as const;

/**
 * What each line is after TAB and `X`, as the words that a command gets from it, in one interactive shell: a word that
 * ends in X was left open, one `X` alone stands behind a space.
 */
export async function completeInShell(
  shell: keyof typeof START,
  lines: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<string[]> {
  const { file, text, command } = START[shell];
  writeFileSync(join(cwd, file), `${text}\n`);
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd,
    env: { ...process.env, ...env, TERM: 'dumb', ZDOTDIR: cwd },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    shown += part;
  });
  const found: string[] = [];
  for (const line of lines) {
    await until(() => shown.includes('ready> '));
    shown = '';
    // Ctrl-A and a command before it, which prints the words in brackets.
    child.stdin.write(`${line}\tX END\x01printf '<%s>' \r`);
    await until(() => /<END>[\s\S]*ready> /.test(shown));
    found.push(/<tspipe>(.*)<END>/.exec(shown)?.[1] ?? shown);
  }
  child.stdin.end('exit\r');
  return found;

  function until(holds: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (): void => reject(new Error(`${shell} ended: ${shown}`));
      const look = (): void => {
        if (!holds()) return;
        child.stdout.off('data', look);
        child.off('close', end);
        resolve();
      };
      child.stdout.on('data', look);
      child.once('close', end);
      look();
    });
  }
}
