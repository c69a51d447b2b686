import { createInterface } from 'node:readline';
import type { REPLServer } from 'node:repl';
import type { Writable } from 'node:stream';

/** Gives the lines of standard input to a REPL, each when the one before is done; then, or at `.exit`, ends it. */
export async function feedLines(server: REPLServer, input: Writable): Promise<void> {
  let isDone = (): void => undefined;
  let hasLeft = false;
  // Where Node would show its prompt it is ready for the next line.
  server.displayPrompt = () => isDone();
  const left = new Promise<void>((resolve) => {
    server.once('exit', () => {
      hasLeft = true;
      isDone();
      resolve();
    });
  });
  const lines = createInterface({ input: process.stdin, crlfDelay: Infinity });
  for await (const line of lines) {
    const done = new Promise<void>((resolve) => {
      isDone = resolve;
    });
    input.write(`${line}\n`);
    await done;
    if (hasLeft) break;
  }
  lines.close();
  process.stdin.destroy();
  if (!hasLeft) server.close();
  await left;
}
