import { spawn } from 'node:child_process';

/** Milliseconds from the start of a process to the first byte it writes, for one run. */
export async function firstOutput(words: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const [command = '', ...rest] = words;
  const start = performance.now();
  let first: number | undefined;
  const child = spawn(command, rest, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.on('data', () => {
    first ??= performance.now() - start;
  });
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${words.join(' ')} ended with ${code}`)),
    );
  });
  if (first === undefined) throw new Error(`${words.join(' ')} wrote nothing`);
  return first;
}
