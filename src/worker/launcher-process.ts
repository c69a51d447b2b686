import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { constants, getPriority } from 'node:os';
import type { Duplex } from 'node:stream';
import { getSystemErrorMessage, getSystemErrorName } from 'node:util';
import type { Command, CommandEnd } from '../app/index.ts';
import { lineSplitter } from '../util/index.ts';
import type { Hold } from './hold.ts';
import type { LauncherProgram } from './launcher-programs.ts';

/**
 * A small process that starts the commands of this worker. It is in the worker's process group, and ends when the worker
 * is gone. It has not the worker's mark, so that it does not count as left behind by a task.
 *
 * It is sent the length of a message in four bytes, and the message: words with NUL between them, of which the first is
 * `env`, and the others names and values of all variables, or `run`, and the others a command. It answers by lines:
 * `ready`; `refused` and the number of an error, where the command cannot be started; `ended` and the status of wait(2).
 */
export class LauncherProcess {
  readonly #child: ChildProcess;
  readonly #channel: Duplex;
  readonly #inheritance = new Inheritance();
  readonly #inherited = this.#inheritance.now();
  #env: Readonly<NodeJS.ProcessEnv> | undefined;
  #wasReady = false;
  #isGone = false;
  #isUnread = false;
  #refusal: number | undefined;
  #running = Promise.withResolvers<CommandEnd | undefined>();

  constructor({ file, args, env }: LauncherProgram, hold: Hold) {
    this.#child = spawn(file, args, {
      env: env(),
      stdio: ['ignore', 'inherit', 'inherit', 'ignore', 'pipe', hold.reader],
    });
    this.#channel = this.#child.stdio[4] as Duplex;
    this.#listen();
  }

  /** Whether a command that it starts is as one that this process starts. */
  get canLaunch(): boolean {
    return this.#wasReady && !this.#isGone && this.#inheritance.now() === this.#inherited;
  }

  /** Whether it ever worked. */
  get wasReady(): boolean {
    return this.#wasReady;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /**
   * Runs a command to its end; rejects, with a code, where it cannot be started. Undefined where the launcher itself was
   * ended before it came to that. The same object as before says that no variable has changed.
   */
  async launch({ file, args }: Command, env: Readonly<NodeJS.ProcessEnv>): Promise<CommandEnd | undefined> {
    const messages = [message(['run', file, ...args])];
    if (env !== this.#env)
      messages.unshift(
        message(['env', ...Object.entries(env).flatMap(([name, value = '']) => [name, value])]),
      );
    this.#env = env;
    this.#refusal = undefined;
    this.#running = Promise.withResolvers();
    this.#channel.write(Buffer.concat(messages), (error) => {
      if (error) this.#isUnread = true;
    });
    return await this.#running.promise;
  }

  #listen(): void {
    this.#channel.setEncoding('utf8').on('data', lineSplitter(this.#receive));
    this.#child.on('error', () => {
      this.#isGone = true;
    });
    // The system resets a connection of which one side closes while there is something that it has not read.
    this.#channel.on('error', () => {
      this.#isUnread = true;
    });
    this.#child.once('close', (_, signal) => {
      this.#isGone = true;
      this.#inheritance.close();
      // A command that ended its parent counts as ended like this.
      const end = { exitCode: null, signal: signal ?? 'SIGKILL' };
      this.#running.resolve(this.#isUnread ? undefined : end);
    });
  }

  readonly #receive = (line: string): void => {
    const [type, number] = line.split(' ');
    if (type === 'ready') this.#wasReady = true;
    else if (type === 'refused') this.#refusal = Number(number);
    else if (this.#refusal === undefined) this.#running.resolve(endOf(Number(number)));
    else this.#running.reject(refusal(this.#refusal));
  };
}

function message(words: readonly string[]): Buffer {
  const text = words.join('\0');
  const bytes = Buffer.allocUnsafe(4 + Buffer.byteLength(text));
  bytes.writeUInt32BE(bytes.byteLength - 4);
  bytes.write(text, 4);
  return bytes;
}

/** See wait(2): the signal in the lowest seven bits, the exit code above the eighth. */
function endOf(status: number): CommandEnd {
  const number = status & 0x7f;
  return number === 0
    ? { exitCode: status >> 8, signal: null }
    : { exitCode: null, signal: SIGNALS.get(number) ?? 'SIGKILL' };
}

// Of two names of one signal the first one is that by which Node knows it.
const SIGNALS = new Map(
  Object.entries(constants.signals)
    .reverse()
    .map(([name, number]) => [number, name as NodeJS.Signals]),
);

function refusal(number: number): Error {
  const code = getSystemErrorName(-number);
  return Object.assign(new Error(`${code}: ${getSystemErrorMessage(-number)}`), { code });
}

/** What a command inherits beside its variables, and cannot be told: a task may have changed it for this process. */
class Inheritance {
  readonly #status = openSync('/proc/self/status', 'r');
  readonly #groups = openSync('/proc/self/cgroup', 'r');

  /** As text, to be compared. */
  now(): string {
    const umask = /^Umask:.*$/m.exec(reread(this.#status))?.[0];
    return [process.cwd(), umask, getPriority(), reread(this.#groups)].join('\n');
  }

  close(): void {
    closeSync(this.#status);
    closeSync(this.#groups);
  }
}

function reread(file: number): string {
  return PAGE.toString('latin1', 0, readSync(file, PAGE, 0, PAGE.length, 0));
}

const PAGE = Buffer.alloc(4096);
