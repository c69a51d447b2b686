import { setTimeout as delay } from 'node:timers/promises';
import type { SpawnResult } from '../model/index.ts';
import { type QueueHost, type QueueProcess, silenceOf } from '../queue/index.ts';
import {
  addToScope,
  clearScope,
  endProcess,
  identityOf,
  insertManager,
  isScoped,
  liveProcesses,
  msUntilDue,
  processRow,
  forgetSlow,
  queueState,
  slowApps,
  type Transaction,
} from '../store/index.ts';
import { isDiskFull, isProvenDead, processIdentity } from '../util/index.ts';
import { onInterrupt } from './interrupt.ts';
import { leftOver } from './left-over.ts';
import { Manager } from './manager.ts';
import type { ManagerOptions } from './options.ts';
import { OutputStream } from './output-stream.ts';
import { Progress } from './progress.ts';
import { Rhythm } from './rhythm.ts';
import { RunCounts } from './run-counts.ts';

type Stopped = SpawnResult['stopped'];

// How long agents without tasks may take to end before that is said and no longer waited for.
const AGENTS_END_MS = 60_000;
const AGENTS_POLL_MS = 5;

// Between whole looks at the queue, which cost as much as ten tasks; on a shared one, a lock for each question.
const LOOK_MS = 50;
const SHARED_LOOK_MS = 500;

// Between looks for room on a full disk.
const ROOM_MS = 1000;

/** One `spawn` of one queue: manages it, or joins the manager that is alive, until there is nothing more to do. */
export class Run {
  readonly #host: QueueHost;
  /** Row ids of the tasks asked for; undefined for the whole queue. */
  readonly #rows: readonly number[] | undefined;
  readonly #options: ManagerOptions;
  readonly #counts: RunCounts;
  readonly #progress: Progress;
  readonly #stream: OutputStream | undefined;
  /** When `timeout` is over, in milliseconds of the monotonic clock. */
  readonly #end: number;
  readonly #slow = new Set<string>();
  #isDiskFull = false;
  #interrupts = 0;

  constructor(host: QueueHost, rows: readonly number[] | undefined, options: ManagerOptions) {
    this.#host = host;
    this.#rows = rows;
    this.#options = options;
    this.#counts = new RunCounts(host.store, rows);
    this.#progress = new Progress(host.store.path, process.stderr);
    const shows = !options.modes.has('no_stream') && !options.modes.has('no_out');
    this.#stream = shows ? new OutputStream(host.store, this.#progress) : undefined;
    this.#end = performance.now() + (options.timeout ?? Infinity) * 1000;
  }

  async run(): Promise<SpawnResult> {
    this.#progress.begin(this.#host.counts, this.#counts.byState());
    const rhythm = new Rhythm(this.#host.store.isShared ? SHARED_LOOK_MS : LOOK_MS);
    const watch = this.#host.store.watch(() => rhythm.wake());
    const signals = onInterrupt(() => {
      this.#interrupts++;
      this.#sayInterrupted();
      rhythm.wake();
    });
    const next = async (): Promise<void> => {
      await rhythm.next({
        pauseMs: () => this.#pauseMs(),
        isUrgent: () => this.#interrupts > 0 || !this.#counts.mayHaveWork(),
      });
      this.#progress.show(() => this.#counts.byState());
      this.#saySlow();
      this.#stream?.look();
    };
    try {
      return this.#result(await this.#work(next));
    } finally {
      watch.close();
      signals.close();
    }
  }

  /** Once for each app. */
  #saySlow(): void {
    for (const name of this.#host.store.read(slowApps)) {
      if (this.#slow.has(name)) continue;
      this.#slow.add(name);
      this.#progress.note(
        `every task of ${name} fails as soon as it starts: starting them ever more slowly (--stop-after-failures stops)`,
      );
    }
  }

  #sayInterrupted(): void {
    const running = `${this.#counts.running()} running`;
    if (this.#interrupts === 1) {
      this.#progress.note(`interrupted: starting nothing more, waiting for ${running} (again: end them now)`);
    } else if (this.#interrupts === 2) this.#progress.note(`interrupted again: ending ${running}`);
  }

  /** How long to wait where nothing tells it to look. */
  #pauseMs(): number {
    const left = Math.max(1, this.#end - performance.now() + 1);
    const due = this.#host.store.read((db) => msUntilDue(db)) ?? Infinity;
    return Math.min(this.#options.timestep * 1000, left, Math.max(1, due));
  }

  async #work(next: () => Promise<void>): Promise<Stopped> {
    for (;;) {
      const id = await this.#tryToManage();
      const stopped = id === undefined ? await this.#join(next) : await this.#manage(id, next);
      if (stopped !== undefined) return stopped;
    }
  }

  /** The row of this manager; undefined where another one is alive, or may be. */
  async #tryToManage(): Promise<number | undefined> {
    return await this.#host.store.write((tx) => {
      for (const row of liveProcesses(tx.db, 'manager')) {
        const identity = identityOf(row);
        const isSilent = silenceOf(this.#host.store)?.isSilent(tx.db, row) === true;
        if (!isSilent && (identity === undefined || !isProvenDead(identity))) {
          // The other one's agents do our tasks as well; when it ends before they are done, we go on.
          if (isScoped(tx.db)) this.#setScope(tx);
          return undefined;
        }
        endProcess(tx, row.id);
      }
      clearScope(tx);
      forgetSlow(tx);
      this.#setScope(tx);
      return insertManager(tx, processIdentity());
    });
  }

  #setScope(tx: Transaction): void {
    if (this.#rows === undefined) clearScope(tx);
    else addToScope(tx, this.#rows);
  }

  async #manage(id: number, next: () => Promise<void>): Promise<Stopped> {
    const { store } = this.#host;
    const manager = new Manager(store, id, this.#options);
    try {
      for (;;) {
        const asked = Math.max(this.#interrupts, store.read((db) => processRow(db, id))?.stop ?? 2);
        const end = await this.#round(manager, asked).catch(async (error: unknown) => {
          this.#heedFullDisk(error);
          await delay(ROOM_MS);
        });
        if (end !== undefined) return end;
        await next();
      }
    } catch (error) {
      await manager.end(() => true);
      throw error;
    }
  }

  /** One look at the queue and what it asks for; how the run has ended, if it has. */
  async #round(manager: Manager, asked: number): Promise<Stopped | undefined> {
    const stopped = this.#stopped();
    if (asked > 0) await manager.stopAgents(asked > 1 ? 2 : 1);
    else if (stopped === 'timeout' || stopped === 'error') await manager.stopAgents(1);
    const end = this.#endNow(stopped, asked > 0);
    if (end !== undefined) return (await this.#leave(manager, end)) ? end : await this.#round(manager, asked);
    // Agents may die also while their last tasks are waited for.
    if (stopped === undefined && asked === 0) await manager.step();
    else await manager.reap();
    return undefined;
  }

  /** Agents keep what is finished until there is room; so does this manager go on. */
  #heedFullDisk(error: unknown): void {
    if (!isDiskFull(error)) throw error;
    if (!this.#isDiskFull) this.#progress.note(`${String(error)} Trying again until there is room.`);
    this.#isDiskFull = true;
  }

  /** How the run ends now; undefined while it goes on, or while tasks that run are waited for. */
  #endNow(stopped: Stopped | undefined, isAsked: boolean): Stopped | undefined {
    if (stopped === 'done' || stopped === 'timeout') return stopped;
    if (stopped === undefined && !isAsked) return undefined;
    return this.#counts.running() === 0 ? (stopped ?? 'paused') : undefined;
  }

  /** Ends the manager; false where there is work again. */
  async #leave(manager: Manager, end: Stopped): Promise<boolean> {
    // What tasks printed goes with the files of their workers.
    this.#stream?.look();
    if (!(await manager.end((tx) => end !== 'done' || !this.#counts.hasWork(tx.db)))) return false;
    // Running tasks go on after a time-out.
    if (end === 'timeout') return true;
    const gone = this.#untilAgentsEnd(manager);
    // All results are there: this process stays until agents and workers are gone, and nobody waits for that. They end
    // without it as well, so what keeps it from looking (the queue is deleted, say) is no error any more.
    if (end === 'done') gone.catch(() => undefined);
    else await gone;
    return true;
  }

  async #untilAgentsEnd(manager: Manager): Promise<void> {
    const { store } = this.#host;
    const latest = performance.now() + AGENTS_END_MS;
    // Whoever closes the queue waits for nobody.
    while (store.isOpen && !(await manager.areAgentsGone())) {
      // One that joined may have tasks left, on the same agents.
      if (this.#host.managers().length > 0) return;
      if (performance.now() > latest) {
        this.#progress.note('some agents have no tasks any more but do not end; not waiting for them');
        return;
      }
      await delay(AGENTS_POLL_MS);
    }
  }

  async #join(next: () => Promise<void>): Promise<Stopped | undefined> {
    const { provider, scheduler } = this.#options;
    const kept = (provider ?? scheduler) ? ', with the provider and scheduler that it has' : '';
    const who = describe(this.#host.managers()[0]);
    this.#progress.note(`another manager${who} is at work on this queue${kept}; waiting with it`);
    for (;;) {
      const stopped = this.#stopped();
      if (stopped !== undefined) return stopped;
      if (this.#interrupts > 0) return 'paused';
      if (this.#host.managers().length === 0) return undefined;
      await next();
    }
  }

  #stopped(): Stopped | undefined {
    const { store } = this.#host;
    store.assertCurrent();
    const { stopAfterFailures = Infinity } = this.#options;
    if (stopAfterFailures < Infinity && this.#counts.failed() >= stopAfterFailures) return 'error';
    if (!this.#counts.mayHaveWork()) return 'done';
    if (store.read(queueState) === 'PAUSED' && this.#counts.running() === 0) return 'paused';
    if (performance.now() > this.#end) return 'timeout';
    return undefined;
  }

  /** Said of a run that stopped: the queue may be active, and the run interrupted or told to end. */
  #ending(stopped: Stopped): string {
    if (stopped !== 'paused') return stopped;
    if (this.#interrupts > 0) return 'interrupted';
    return this.#host.store.read(queueState) === 'PAUSED' ? 'paused' : 'told to end';
  }

  #result(stopped: Stopped): SpawnResult {
    const { store, counts: placed } = this.#host;
    const counts = this.#counts.byState();
    this.#progress.end(this.#ending(stopped), counts, leftOver(store));
    return { stopped, counts, ...this.#counts.ended(), blocked: counts.BLOCKED, reused: placed.reused };
  }
}

/** Who a manager is, as far as is known. */
function describe(manager: QueueProcess | undefined): string {
  if (manager === undefined) return '';
  const { pid, host, since } = manager;
  return ` (process ${pid} on ${host}, since ${since.toISOString().slice(0, 19)}Z)`;
}
