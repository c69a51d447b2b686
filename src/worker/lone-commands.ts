import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { Command, CommandEnd } from '../app/index.ts';
import { Hold } from './hold.ts';
import { LauncherProcess } from './launcher-process.ts';
import { LAUNCHER_PROGRAMS, type LauncherProgram } from './launcher-programs.ts';

export interface EndedAlone extends CommandEnd {
  /** Whether processes that it started may be there yet. */
  readonly hasLeft: boolean;
}

// To start a launcher takes as long as to start a few commands; a worker whose commands are long does without.
const COMMANDS_BEFORE = 3;
const QUICK_MS = 100;

/**
 * Runs commands that have this worker for themselves: they write to the worker's own descriptors. A worker that runs
 * many quick ones has them started by a smaller process.
 */
export class LoneCommands {
  readonly #variables: () => Readonly<NodeJS.ProcessEnv>;
  #programs: readonly LauncherProgram[];
  #hold: Hold | undefined | null = null;
  #launcher: LauncherProcess | undefined;
  #quickCommands = 0;

  /** `variables` gives those of this process, and the same object while they are the same. */
  constructor(variables: () => Readonly<NodeJS.ProcessEnv>, programs = LAUNCHER_PROGRAMS) {
    this.#variables = variables;
    this.#programs = programs;
  }

  /** Those that commands see; the same object while they are the same. */
  get variables(): Readonly<NodeJS.ProcessEnv> {
    return this.#variables();
  }

  /** Runs one to its end; rejects, with a code, where it cannot be started. */
  async run(command: Command): Promise<EndedAlone> {
    if (this.#hold === null) this.#hold = Hold.make();
    const begun = performance.now();
    const end = (await this.#launch(command)) ?? (await this.#runDirectly(command));
    if (performance.now() - begun < QUICK_MS) this.#noteQuick();
    return { ...end, hasLeft: this.#hold?.isHeld ?? true };
  }

  async #launch(command: Command): Promise<CommandEnd | undefined> {
    if (this.#launcher?.canLaunch !== true) return undefined;
    return await this.#launcher.launch(command, this.#variables());
  }

  async #runDirectly(command: Command): Promise<CommandEnd> {
    const { promise, resolve, reject } = Promise.withResolvers<CommandEnd>();
    this.#startHere(command)
      .once('error', reject)
      .once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
    return await promise;
  }

  #startHere({ file, args }: Command): ChildProcess {
    const held = this.#hold?.open();
    try {
      return spawn(file, args, { stdio: ['ignore', 'inherit', 'inherit', held ?? 'ignore'] });
    } finally {
      if (held !== undefined) closeSync(held);
    }
  }

  #noteQuick(): void {
    if (this.#launcher?.isGone === true) {
      // One that does not work here is not tried again.
      if (!this.#launcher.wasReady) this.#programs = this.#programs.slice(1);
      this.#launcher = undefined;
      this.#quickCommands = 0;
    }
    this.#quickCommands++;
    if (this.#quickCommands >= COMMANDS_BEFORE && this.#launcher === undefined) this.#startLauncher();
  }

  #startLauncher(): void {
    const [program] = this.#programs;
    if (program === undefined || !(this.#hold instanceof Hold)) return;
    try {
      this.#launcher = new LauncherProcess(program, this.#hold);
    } catch {
      // The worker can do without, and does from now on.
      this.#programs = [];
    }
  }
}
