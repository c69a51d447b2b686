import { spawn as startProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import * as v from 'valibot';
import {
  type HostResources,
  hostResources,
  openOwnFile,
  ownProgram,
  parseOptions,
  withoutMark,
} from '../../util/index.ts';
import type { AgentRequest, JobState, Provider, Resources } from '../provider.ts';

const optionsSchema = v.strictObject({});

/** Runs agents as processes of this machine. Its jobs are process ids. */
export class LocalProvider implements Provider {
  readonly name = 'local';
  readonly sharesAgent = true;
  #host: HostResources | undefined;

  constructor(options: Readonly<Record<string, unknown>> = {}) {
    parseOptions(optionsSchema, options, 'provider "local"');
  }

  get defaultMaxWorkers(): number {
    return this.#resources.cores;
  }

  /** Read once: it takes a dozen small files, and is asked for at every call of an app. */
  get #resources(): HostResources {
    this.#host ??= hostResources();
    return this.#host;
  }

  /** The agent is a process of its own session, so that it outlives whoever started it. */
  async submit({ queue, agent, env, log }: AgentRequest): Promise<string> {
    const output = openOwnFile(log, 'a');
    try {
      const child = startProcess(process.execPath, [...ownProgram('agent/main'), queue, String(agent)], {
        detached: true,
        stdio: ['ignore', output, output],
        env: withoutMark(env),
        cwd: '/',
      });
      await new Promise<void>((resolve, reject) => {
        child.once('spawn', resolve);
        child.once('error', reject);
      });
      child.unref();
      return String(child.pid);
    } finally {
      closeSync(output);
    }
  }

  async status(jobs: readonly string[]): Promise<ReadonlyMap<string, JobState>> {
    return new Map(jobs.map((job) => [job, isRunning(Number(job)) ? 'running' : 'ended']));
  }

  async stop(jobs: readonly string[]): Promise<void> {
    for (const job of jobs) if (isRunning(Number(job))) process.kill(Number(job), 'SIGTERM');
  }

  whyImpossible(wanted: Resources): string | undefined {
    // Asked at calls of apps; the machine does not grow meanwhile.
    const host = this.#resources;
    if (wanted.cores > host.cores) return `it asks for ${wanted.cores} cores, this machine has ${host.cores}`;
    if (wanted.memoryBytes > host.memoryBytes) {
      return `it asks for ${gigabytes(wanted.memoryBytes)} of memory, this machine has ${gigabytes(host.memoryBytes)}`;
    }
    if (wanted.gpus > host.gpus.length) {
      return `it asks for ${wanted.gpus} GPUs, this machine has ${host.gpus.length}`;
    }
    return undefined;
  }

  toJSON(): { provider: string } {
    return { provider: this.name };
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
