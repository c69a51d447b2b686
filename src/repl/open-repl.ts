import { join } from 'node:path';
import { type REPLServer, start } from 'node:repl';
import { PassThrough } from 'node:stream';
import { configDirectory } from '../config/index.ts';
import { PipeError } from '../errors.ts';
import { isInWorker, type Queue } from '../queue/index.ts';
import { makeOwnFolder, OWN_FOLDER } from '../util/index.ts';
import { evaluateWith } from './evaluate.ts';
import { feedLines } from './feed-lines.ts';
import { defineNames } from './names.ts';
import { showValueWith } from './show-value.ts';

export async function openRepl(queue: Queue): Promise<number> {
  if (isInWorker()) throw new PipeError('SPAWN_IN_TASK', 'openRepl() cannot be called inside a task.');
  return process.stdin.isTTY ? await talk(queue) : await runPiped(queue);
}

/** A person types. */
async function talk(queue: Queue): Promise<number> {
  process.stdout.write(
    `${queue.toString()}\nqueue, tasks(), task('ab12'), retry(), kill(), spawn(), apps, last, tm; .exit leaves\n`,
  );
  const server = start({ prompt: '> ', ignoreUndefined: true, breakEvalOnSigint: true });
  // Node allows it; its types do not.
  Object.assign(server, { writer: showValueWith(server.writer) });
  const evaluation = prepare(server, queue, process.stdout);
  const left = new Promise<void>((resolve) => server.once('exit', resolve));
  // Ctrl-C interrupts what is evaluated. Without a listener here, whoever writes calls at the end would end by it.
  const stay = (): void => undefined;
  process.on('SIGINT', stay);
  await keepHistory(server);
  await left;
  process.off('SIGINT', stay);
  return evaluation.failures();
}

/** A program writes. */
async function runPiped(queue: Queue): Promise<number> {
  const input = new PassThrough();
  const server = start({
    prompt: '',
    input,
    output: process.stdout,
    terminal: false,
    useColors: false,
    ignoreUndefined: true,
  });
  const evaluation = prepare(server, queue, process.stderr);
  await feedLines(server, input);
  evaluation.refuseOpenEnd();
  return evaluation.failures();
}

function prepare(
  server: REPLServer,
  queue: Queue,
  errors: NodeJS.WritableStream,
): ReturnType<typeof evaluateWith> {
  defineNames(server.context, queue);
  server.on('reset', (context) => defineNames(context, queue));
  return evaluateWith(server, errors);
}

/** Without a folder for it, or one that cannot be written, there is none. */
async function keepHistory(server: REPLServer): Promise<void> {
  const folder = configDirectory();
  if (folder === undefined) return;
  try {
    makeOwnFolder(folder, OWN_FOLDER);
  } catch {
    return;
  }
  await new Promise<void>((resolve) => {
    server.setupHistory(join(folder, 'repl-history'), () => resolve());
  });
}
