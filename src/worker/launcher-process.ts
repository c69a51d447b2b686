import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { getPriority } from 'node:os';
import type { Duplex } from 'node:stream';
import type { Command, CommandEnd } from '../app/index.ts';
import { lineSplitter, ownProgram, withoutMark } from '../util/index.ts';
import type { Hold } from './hold.ts';

export interface LaunchRequest extends Command {
  /** Where it differs from that of the command before. */
  readonly env?: Readonly<Record<string, string>>;
}

export type LaunchReply =
  | { readonly type: 'ready' }
  /** It has read a request, and goes on to start the command. */
  | { readonly type: 'starting' }
  | ({ readonly type: 'ended' } & CommandEnd)
  | { readonly type: 'refused'; readonly message: string; readonly code: string | undefined };

type Answer = (reply: LaunchReply | undefined) => void;

/**
 * A small process that starts the commands of this worker. It is in the worker's process group, and ends when the worker
 * is gone. It has not the worker's mark, so that it does not count as left behind by a task.
 */
export class LauncherProcess {
  readonly #child: ChildProcess;
  readonly #channel: Duplex;
  readonly #inheritance = new Inheritance();
  readonly #inherited = this.#inheritance.now();
  #env = '';
  #isReady = false;
  #isGone = false;
  #isStarting = false;
  #answer: Answer | undefined;

  constructor(hold: Hold) {
    const { NODE_OPTIONS: _, ...env } = withoutMark(process.env);
    this.#child = spawn(process.execPath, [...ownProgram('worker/launcher')], {
      env,
      stdio: ['ignore', 'inherit', 'inherit', 'pipe', hold.reader],
    });
    this.#channel = this.#child.stdio[3] as Duplex;
    this.#listen();
  }

  /** Whether a command that it starts is as one that this process starts. */
  get canLaunch(): boolean {
    return this.#isReady && this.#inheritance.now() === this.#inherited;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /**
   * Runs a command to its end; rejects, with a code, where it cannot be started. Undefined where the launcher itself was
   * ended before it came to that.
   */
  async launch(command: Command): Promise<CommandEnd | undefined> {
    const reply = await this.#ask(command);
    if (reply?.type === 'refused') throw Object.assign(new Error(reply.message), { code: reply.code });
    return reply?.type === 'ended' ? { exitCode: reply.exitCode, signal: reply.signal } : undefined;
  }

  async #ask(command: Command): Promise<LaunchReply | undefined> {
    const env = JSON.stringify(process.env);
    const request = JSON.stringify(command);
    const line = env === this.#env ? request : `${request.slice(0, -1)},"env":${env}}`;
    this.#env = env;
    const { promise, resolve } = Promise.withResolvers<LaunchReply | undefined>();
    this.#answer = resolve;
    this.#channel.write(`${line}\n`);
    return await promise;
  }

  #listen(): void {
    this.#channel.setEncoding('utf8').on(
      'data',
      lineSplitter((line) => {
        const reply = JSON.parse(line) as LaunchReply;
        this.#isReady = true;
        this.#isStarting = reply.type === 'starting';
        if (!this.#isStarting) this.#answer?.(reply);
      }),
    );
    this.#child.on('error', () => {
      this.#isGone = true;
    });
    this.#channel.on('error', () => undefined);
    this.#child.once('close', (_, signal) => {
      this.#isReady = false;
      this.#isGone = true;
      this.#inheritance.close();
      // A command that ended its parent counts as ended like this.
      const end = { type: 'ended', exitCode: null, signal: signal ?? 'SIGKILL' } as const;
      this.#answer?.(this.#isStarting ? end : undefined);
    });
  }
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
