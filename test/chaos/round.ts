import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Queue } from 'tspipe';
import { type Node, randomGraph } from './graph.ts';
import { judge } from './judge.ts';
import { livingOf, type Living, signal } from './living.ts';
import { Random } from './random.ts';

/** What a round is made of; equal ones have equal graphs and the same troubles in mind. */
export interface RoundPlan {
  readonly seed: number;
  readonly tasks: number;
  readonly troubles: number;
  readonly folder: string;
}

export interface RoundResult {
  readonly faults: readonly string[];
  /** Runs of tasks that began. */
  readonly runs: number;
  /** What was done to the processes and the queue, and how often. */
  readonly troubles: Readonly<Record<string, number>>;
  /** Where in the code processes killed or stopped themselves, and how often. */
  readonly points: Readonly<Record<string, number>>;
}

const TROUBLES = {
  'kill script': 3,
  'kill agent': 3,
  'kill worker': 5,
  'kill command': 2,
  'kill all': 1,
  'stop agent': 2,
  'stop worker': 2,
  'stop script': 1,
  'end agent': 1,
  'end worker': 1,
  'end script': 1,
  'hang up script': 1,
  'hang up agent': 1,
  'pause and resume': 2,
  'kill tasks': 3,
  'retry tasks': 2,
  'second script': 1,
} as const;

const PIPELINE = fileURLToPath(new URL('./fixtures/pipeline.ts', import.meta.url));
const TROUBLE = new URL('./fixtures/trouble.mjs', import.meta.url).href;
const COMMAND = fileURLToPath(new URL('./fixtures/command.sh', import.meta.url));
// When nothing is logged for so long something is paused, stopped or dead: the next trouble comes by itself.
const QUIET_MS = 1000;
const CALM_MS = 240_000;
const WAKE_MS = 300;

/** Runs a random graph, disturbs it, puts it right, and judges. */
export async function runRound(plan: RoundPlan): Promise<RoundResult> {
  return await new Round(plan).run();
}

class Round {
  readonly #plan: RoundPlan;
  readonly #random: Random;
  readonly #nodes: readonly Node[];
  readonly #queue: Queue;
  readonly #counts: Record<string, number> = {};

  constructor(plan: RoundPlan) {
    const { folder, seed, tasks } = plan;
    this.#plan = plan;
    this.#random = new Random(seed);
    this.#nodes = randomGraph(seed, tasks);
    for (const name of ['holders', 'times']) mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'graph.json'), JSON.stringify(this.#nodes));
    writeFileSync(join(folder, 'log'), '');
    writeFileSync(join(folder, 'command.sh'), `. '${COMMAND}'\n`);
    this.#queue = new Queue('q', { baseDir: folder });
  }

  async run(): Promise<RoundResult> {
    const { troubles } = this.#plan;
    const waking = setInterval(() => this.#wakeSome(), WAKE_MS);
    try {
      this.#script();
      for (let count = 0; count < troubles; count++) {
        await this.#untilMore(this.#random.between(1, 40));
        await this.#trouble();
        if (!this.#living('script', 'manager').some(({ isStopped }) => !isStopped)) this.#script();
      }
      const faults = await this.#calm();
      return { faults, runs: this.#runs, troubles: this.#counts, points: this.#points };
    } finally {
      clearInterval(waking);
      this.#queue.close();
    }
  }

  /** Those that stopped themselves, or were stopped, go on sooner or later; some of them hold the lock of the file. */
  #wakeSome(): void {
    for (const { pid, isStopped } of livingOf(this.#plan.folder))
      if (isStopped && Math.random() < 0.3) signal(pid, 'SIGCONT');
  }

  get #runs(): number {
    return readFileSync(join(this.#plan.folder, 'log'), 'utf8').split('begin ').length - 1;
  }

  get #points(): Record<string, number> {
    const path = join(this.#plan.folder, 'points');
    const lines = existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
    const groups = Map.groupBy(lines, (line) => line);
    return Object.fromEntries([...groups].map(([line, all]) => [line, all.length]));
  }

  get #logSize(): number {
    return statSync(join(this.#plan.folder, 'log')).size;
  }

  #living(...programs: Living['program'][]): Living[] {
    return livingOf(this.#plan.folder).filter(({ program }) => programs.includes(program));
  }

  /** Resolves when the tasks have said about so many words more, or have long said nothing. */
  async #untilMore(lines: number): Promise<void> {
    const enough = this.#logSize + lines * 30;
    let [size, quietSince] = [this.#logSize, performance.now()];
    while (size < enough && performance.now() - quietSince < QUIET_MS) {
      await delay(2);
      if (this.#logSize === size) continue;
      size = this.#logSize;
      quietSince = performance.now();
    }
  }

  async #trouble(): Promise<void> {
    const { folder } = this.#plan;
    const what = this.#random.weighted(TROUBLES);
    const [verb = '', kind = ''] = what.split(/ (?=\w+$)/);
    const victim = this.#random.pick(this.#living(kind as Living['program']))?.pid;
    this.#counts[what] = (this.#counts[what] ?? 0) + 1;
    if (what === 'kill all') for (const { pid } of livingOf(folder)) signal(pid, 'SIGKILL');
    else if (what === 'pause and resume') await this.#pause();
    else if (what === 'kill tasks') await this.#killTasks();
    else if (what === 'retry tasks') await this.#queue.retry();
    else if (what === 'second script') this.#script();
    else if (victim !== undefined) await this.#signal(victim, verb);
  }

  async #signal(pid: number, verb: string): Promise<void> {
    const names = { kill: 'SIGKILL', stop: 'SIGSTOP', end: 'SIGTERM', 'hang up': 'SIGHUP' } as const;
    const name = names[verb as keyof typeof names];
    signal(pid, name);
    if (name !== 'SIGSTOP') return;
    await this.#untilMore(this.#random.between(1, 60));
    signal(pid, 'SIGCONT');
  }

  async #pause(): Promise<void> {
    await this.#queue.pause();
    await this.#untilMore(30);
    await this.#queue.resume();
  }

  async #killTasks(): Promise<void> {
    const name = this.#random.pick(['sum', 'overlap', 'command', 'give', 'ask', 'child']) ?? 'sum';
    const state = this.#random.pick([['RUNNING'], ['RUNNING', 'PENDING'], ['WAITING']] as const) ?? [
      'RUNNING',
    ];
    await this.#queue.kill({ name, state: [...state], limit: this.#random.between(1, 5) }, { wait: false });
  }

  #script(mode: 'troubled' | 'calm' = 'troubled'): ChildProcess {
    const { folder, seed } = this.#plan;
    const log = openSync(join(folder, 'scripts'), 'a');
    const isTroubled = mode === 'troubled';
    const mean = isTroubled ? this.#random.pick([40, 200, 1000]) : 0;
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', PIPELINE, folder, mode], {
      cwd: folder,
      stdio: ['ignore', log, log],
      env: {
        ...process.env,
        CHAOS_FOLDER: folder,
        CHAOS_TROUBLE: `${folder}|${seed}|${mean}`,
        ...(isTroubled ? { NODE_OPTIONS: `--import=${TROUBLE}` } : {}),
      },
    });
    closeSync(log);
    return child;
  }

  /** No more troubles: every task is to end as it should, and every process. */
  async #calm(): Promise<readonly string[]> {
    const { folder } = this.#plan;
    writeFileSync(join(folder, 'calm'), '');
    for (const { pid } of livingOf(folder)) signal(pid, 'SIGCONT');
    await this.#until('the scripts that were under way end', () => this.#living('script').length === 0);
    await this.#queue.resume();
    const script = this.#script('calm');
    const waiting = this.#until('the last script ends', () => script.exitCode !== null);
    const left =
      (await waiting) ?? (await this.#until('all processes end', () => livingOf(folder).length === 0));
    if (left !== undefined) return [left];
    if (script.exitCode !== 0) return [`the last script ended with exit code ${script.exitCode}`];
    return judge(folder, this.#nodes, this.#queue.path);
  }

  /** A fault where it takes too long. */
  async #until(what: string, holds: () => boolean): Promise<string | undefined> {
    const end = performance.now() + CALM_MS;
    while (!holds()) {
      if (performance.now() > end)
        return `waited in vain: ${what}; ${JSON.stringify(livingOf(this.#plan.folder))}`;
      await delay(20);
    }
    return undefined;
  }
}

/** Ends what a round has left, and says whether it had. */
export function endAll(folder: string): void {
  if (!existsSync(folder)) return;
  for (const { pid } of livingOf(folder)) signal(pid, 'SIGKILL');
}
