import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { Command, CommandEnd } from '../app/index.ts';
import { Hold } from './hold.ts';
import { LauncherProcess } from './launcher-process.ts';

export interface EndedAlone extends CommandEnd {
  /** Whether processes that it started may be there yet. */
  readonly hasLeft: boolean;
}

// A launcher takes some 50 ms to start, and saves some 2 ms a command.
const COMMANDS_BEFORE = 10;
const QUICK_MS = 100;

let hold: Hold | undefined | null = null;
let launcher: LauncherProcess | undefined;
let quickCommands = 0;

/**
 * Runs a command that has this worker for itself: it writes to the worker's own descriptors. A worker that runs many
 * quick ones has them started by a smaller process. Rejects, with a code, where it cannot be started.
 */
export async function runAlone(command: Command): Promise<EndedAlone> {
  if (hold === null) hold = Hold.make();
  const begun = performance.now();
  const launched = launcher?.canLaunch === true ? await launcher.launch(command) : undefined;
  const end = launched ?? (await runDirectly(command));
  if (performance.now() - begun < QUICK_MS) noteQuick();
  return { ...end, hasLeft: hold?.isHeld ?? true };
}

async function runDirectly(command: Command): Promise<CommandEnd> {
  const { promise, resolve, reject } = Promise.withResolvers<CommandEnd>();
  startHere(command)
    .once('error', reject)
    .once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
  return await promise;
}

function startHere({ file, args }: Command): ChildProcess {
  const held = hold?.open();
  try {
    return spawn(file, args, { stdio: ['ignore', 'inherit', 'inherit', held ?? 'ignore'] });
  } finally {
    if (held !== undefined) closeSync(held);
  }
}

function noteQuick(): void {
  if (launcher?.isGone === true) {
    launcher = undefined;
    quickCommands = 0;
  }
  quickCommands++;
  if (quickCommands >= COMMANDS_BEFORE && launcher === undefined && hold instanceof Hold) startLauncher(hold);
}

function startLauncher(shared: Hold): void {
  try {
    launcher = new LauncherProcess(shared);
  } catch {
    // The worker can do without, and does from now on.
    quickCommands = -Infinity;
  }
}
