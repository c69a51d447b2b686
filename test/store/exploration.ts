import { TaskState } from '../../src/model/index.ts';
import { Database } from '../../src/store/driver.ts';
import { initialise } from '../../src/store/initialise.ts';
import {
  AttemptAccount,
  answerKillRequests,
  claimTasks,
  commitAttempts,
  emptyAttempt,
  type EndedAttempt,
  endProcess,
  ensureApp,
  ensureAppName,
  ensureCall,
  ensureLane,
  ensureTaskManager,
  heldTasks,
  insertTask,
  killTask,
  loseTask,
  type Requirement,
  releaseTasks,
  retryTask,
  Transaction,
} from '../../src/store/index.ts';
import { inconsistencies } from '../helpers/consistent.ts';

/** What an agent believes to hold; whether it has started matters when it is given back, and when the agent died. */
interface Hold {
  readonly task: number;
  readonly attempt: number;
  /** A user killed or retried the task since: its end must change nothing. */
  readonly fenced: boolean;
  /** It was declared UNKNOWN meanwhile: a user may have it run a second time beside. */
  readonly unknown: boolean;
}

interface Agent {
  readonly id: number;
  readonly alive: boolean;
  readonly holds: readonly Hold[];
}

/** Everything that is not in the database. */
interface Outside {
  readonly agents: readonly Agent[];
  readonly nextAgent: number;
  /** Disturbances that may still come. */
  readonly budget: number;
}

interface Step {
  readonly name: string;
  /** A failure, a death, a user: nothing that a task's end may depend on. */
  readonly disturbs: boolean;
  readonly take: (tx: Transaction) => Outside;
}

export interface Shape {
  readonly name: string;
  /** For each task the earlier ones that it needs, by position from 0. */
  readonly needs: readonly (readonly Requirement['requirement'][])[];
  /** Tasks whose result holds the Future of another, by position. */
  readonly returns?: Readonly<Record<number, number>>;
}

const LOSSES = 2;

/**
 * Takes every step that two agents and a user can take from every state that can be reached, each transaction being one
 * step: what SQLite does not interleave needs no interleaving here. Equal states are looked at once.
 */
export class Exploration {
  readonly #db: Database;
  readonly #lane: number;
  readonly #tasks: readonly number[];
  readonly #returns: ReadonlyMap<number, number>;
  /** For each state, whether the agents alone can bring all tasks to their ends. */
  readonly #seen = new Map<string, boolean>();
  readonly #path: string[] = [];
  steps = 0;
  late = 0;

  constructor(shape: Shape) {
    this.#db = new Database(':memory:');
    initialise(this.#db, ':memory:');
    const tx = new Transaction(this.#db);
    const manager = ensureTaskManager(tx, { key: 'tm', environ: '{}', scheduler: '{}', provider: '{}' });
    this.#lane = ensureLane(tx, { task_manager: manager, cwd: '/', options: '{}', priority: 0 });
    const name = ensureAppName(tx, 'f');
    const app = ensureApp(tx, { name, kind: 'ts', identity: 'code', program: 1 });
    const tasks: number[] = [];
    for (const needs of shape.needs) {
      const key = String(tasks.length);
      const call = ensureCall(tx, { name, key, args: null, blob: null }).id;
      const requirements = needs.map((at) => ({ kind: 0 as const, requirement: tasks[at] ?? 0 }));
      const identity = Buffer.from(key);
      tasks.push(insertTask(tx, { call, app, lane: this.#lane, identity, requirements, previous: null }));
    }
    tx.finish();
    this.#tasks = tasks;
    this.#returns = new Map(
      Object.entries(shape.returns ?? {}).map(([from, to]) => [tasks[Number(from)] ?? 0, tasks[to] ?? 0]),
    );
  }

  get states(): number {
    return this.#seen.size;
  }

  /** Throws, with the steps that led there, where a state contradicts itself or leads nowhere. */
  explore(budget: number): void {
    this.#db.exec('BEGIN');
    const agents = [1, 2].map((id) => ({ id, alive: true, holds: [] }));
    this.#visit({ agents, nextAgent: 3, budget });
    this.#db.exec('ROLLBACK');
    this.#db.close();
  }

  #visit(outside: Outside): boolean {
    const key = this.#key(outside);
    const known = this.#seen.get(key);
    if (known !== undefined) return known;
    // A step that changes nothing leads back here, and not to an end.
    this.#seen.set(key, false);
    this.#check(outside);
    let canEnd = this.#allEnded();
    for (const step of this.#stepsFrom(outside)) {
      this.#path.push(step.name);
      this.#db.exec(`SAVEPOINT s${this.#path.length}`);
      const tx = new Transaction(this.#db);
      const next = step.take(tx);
      tx.finish();
      this.steps++;
      const leadsToEnd = this.#visit(step.disturbs ? { ...next, budget: next.budget - 1 } : next);
      if (leadsToEnd && !step.disturbs) canEnd = true;
      this.#db.exec(`ROLLBACK TO s${this.#path.length}; RELEASE s${this.#path.length}`);
      this.#path.pop();
    }
    if (!canEnd) this.#fault('nothing that agents do leads to the ends of all tasks');
    this.#seen.set(key, canEnd);
    return canEnd;
  }

  /** Agents that hold the same are the same. */
  #key({ agents, budget }: Outside): string {
    const order = [...agents].sort((a, b) => (JSON.stringify(a.holds) < JSON.stringify(b.holds) ? -1 : 1));
    const nameOf = new Map(order.map(({ id }, at) => [id, at]));
    const rows = this.#db.all<{ agent: number | null }>(
      'SELECT id, state, unfinished, failed, attempts, handed, agent FROM task ORDER BY id',
    );
    const attempts = this.#db.all('SELECT task, number, account, state FROM attempt ORDER BY 1, 2, 3, 4');
    const kills = this.#db.all<{ agent: number }>(
      'SELECT agent, task, attempt FROM kill_request ORDER BY 2, 3',
    );
    return JSON.stringify([
      rows.map((row) => ({ ...row, agent: row.agent && nameOf.get(row.agent) })),
      attempts,
      kills.map((row) => ({ ...row, agent: nameOf.get(row.agent) })),
      order.map(({ alive, holds }) => [alive, holds]),
      budget,
    ]);
  }

  #check({ agents }: Outside): void {
    for (const fault of inconsistencies(this.#db)) this.#fault(fault);
    for (const { id, state, attempts, agent } of this.#rows()) {
      const holders = agents.filter(({ holds }) =>
        holds.some((hold) => hold.task === id && hold.attempt === attempts && !hold.fenced),
      );
      if (state === TaskState.RUNNING && !(holders.length === 1 && holders[0]?.id === agent))
        this.#fault(`task ${id} runs for agent ${agent}, and ${holders.length} agents hold it`);
      const runs = agents.flatMap(({ alive, holds }) =>
        holds.filter((hold) => alive && hold.task === id && !hold.unknown),
      );
      if (runs.length > 1) this.#fault(`task ${id} runs ${runs.length} times at once`);
    }
  }

  #rows(): { id: number; state: number; attempts: number; agent: number | null }[] {
    return this.#db.all('SELECT id, state, attempts, agent FROM task');
  }

  #allEnded(): boolean {
    const { SUCCEEDED, FAILED, KILLED, BLOCKED } = TaskState;
    return this.#rows().every(({ state }) => [SUCCEEDED, FAILED, KILLED, BLOCKED].includes(state as 2));
  }

  #stepsFrom(outside: Outside): Step[] {
    const steps = outside.agents.flatMap((agent) =>
      agent.alive
        ? this.#stepsOf(agent, outside)
        : [true, false].map((started) => this.#reap(agent, outside, started)),
    );
    if (outside.budget > 0) steps.push(...this.#tasks.flatMap((task) => this.#stepsOfUser(task, outside)));
    return steps;
  }

  #stepsOf(agent: Agent, outside: Outside): Step[] {
    const claims = [1, 3].map((limit) => this.#claim(agent, outside, limit));
    if (agent.holds.length > 1) claims.push(this.#turn(agent, outside));
    const ends = agent.holds.flatMap((hold) => this.#endsOf(agent, outside, hold));
    if (outside.budget === 0) return [...claims, ...ends];
    return [...claims, ...ends, this.#die(agent, outside), this.#vanish(agent, outside)];
  }

  #claim(agent: Agent, outside: Outside, limit: number): Step {
    const take = (tx: Transaction): Outside => {
      const claimed = claimTasks(tx, { agent: agent.id, lane: this.#lane, limit, scoped: false });
      const more = claimed.map(({ id, attempts }) => ({
        task: id,
        attempt: attempts,
        fenced: false,
        unknown: false,
      }));
      return withHolds(outside, agent, [...agent.holds, ...more]);
    };
    return { name: `agent ${agent.id} claims ${limit}`, disturbs: false, take };
  }

  /** What an agent does most: all that is done is committed, and more is claimed, in one transaction. */
  #turn(agent: Agent, outside: Outside): Step {
    const take = (tx: Transaction): Outside => {
      for (const hold of agent.holds) this.#commit(tx, agent, { hold, outcome: 'succeed', retries: 0 });
      const rest = { ...agent, holds: [] };
      const agents = outside.agents.map((one) => (one === agent ? rest : one));
      return this.#claim(rest, { ...outside, agents }, 3).take(tx);
    };
    return { name: `agent ${agent.id} commits all and claims`, disturbs: false, take };
  }

  #endsOf(agent: Agent, outside: Outside, hold: Hold): Step[] {
    const rest = agent.holds.filter((other) => other !== hold);
    const name = (what: string): string => `agent ${agent.id} ${what} ${hold.task} (attempt ${hold.attempt})`;
    const isAsked = this.#db.get(
      'SELECT 1 FROM kill_request WHERE task = ? AND agent = ?',
      hold.task,
      agent.id,
    );
    const giveBack = (tx: Transaction): Outside => {
      releaseTasks(tx, agent.id, [{ id: hold.task, number: hold.attempt }]);
      answerKillRequests(tx, agent.id, new Set([hold.task]));
      return withHolds(outside, agent, rest);
    };
    const gives = { name: name('gives back'), disturbs: isAsked === undefined, take: giveBack };
    const commit = (outcome: EndedAttempt['outcome'], retries = 0): Step => ({
      name: name(`commits ${outcome}, ${retries} retries, of`),
      disturbs: outcome !== 'succeed' && !(outcome === 'stop' && isAsked !== undefined),
      take: (tx) => {
        this.#commit(tx, agent, { hold, outcome, retries });
        return withHolds(outside, agent, rest);
      },
    });
    const succeeds = commit('succeed');
    if (isAsked !== undefined) return [succeeds, commit('stop'), gives];
    if (outside.budget === 0) return [succeeds];
    return [succeeds, commit('fail'), commit('fail', 1), commit('stop', 1), gives];
  }

  /** A commit from a hold that is fenced leaves a late attempt, and else nothing. */
  #commit(
    tx: Transaction,
    agent: Agent,
    { hold, outcome, retries }: { hold: Hold; outcome: EndedAttempt['outcome']; retries: number },
  ): void {
    const { task, attempt } = hold;
    const core = tx.core(task);
    const before = JSON.stringify(core);
    const returned = outcome === 'succeed' ? this.#returns.get(task) : undefined;
    const isSuccess = outcome === 'succeed';
    const late = commitAttempts(tx, [
      {
        ...emptyAttempt(task, attempt, agent.id),
        app: core?.app ?? null,
        lane: core?.lane ?? null,
        outcome,
        retries,
        result: isSuccess ? { text: '1', blob: null } : null,
        returned: returned === undefined ? [] : [returned],
      },
    ]);
    answerKillRequests(tx, agent.id, new Set([task]));
    if (late.length > 0 !== hold.fenced)
      this.#fault(`the commit of task ${task} was ${hold.fenced ? '' : 'not '}accepted`);
    if (!hold.fenced) return;
    this.late++;
    if (JSON.stringify(tx.core(task)) !== before) this.#fault(`a late commit changed task ${task}`);
    const record = tx.db.get(
      'SELECT 1 FROM attempt WHERE task = ? AND number = ? AND account = ?',
      task,
      attempt,
      AttemptAccount.LATE,
    );
    if (record === undefined) this.#fault(`a late commit of task ${task} left no record`);
  }

  #die(agent: Agent, outside: Outside): Step {
    const dead = { ...agent, alive: false };
    const take = () => ({ ...outside, agents: outside.agents.map((one) => (one === agent ? dead : one)) });
    return { name: `agent ${agent.id} dies`, disturbs: true, take };
  }

  /** Another agent comes in the place of one that is proven dead. */
  #reap(agent: Agent, outside: Outside, started: boolean): Step {
    const take = (tx: Transaction): Outside => {
      for (const task of heldTasks(tx.db, agent.id)) {
        loseTask(tx, task, { proven: true, started, error: '"x"', limit: LOSSES });
      }
      endProcess(tx, agent.id);
      const next = { id: outside.nextAgent, alive: true, holds: [] };
      const agents = outside.agents.map((one) => (one === agent ? next : one));
      return { ...outside, agents, nextAgent: outside.nextAgent + 1 };
    };
    return { name: `agent ${agent.id} is reaped`, disturbs: false, take };
  }

  /** It is not heard of any more, but goes on. */
  #vanish(agent: Agent, outside: Outside): Step {
    const take = (tx: Transaction): Outside => {
      for (const task of heldTasks(tx.db, agent.id))
        loseTask(tx, task, { proven: false, started: true, error: '"x"', limit: LOSSES });
      return withHolds(
        outside,
        agent,
        agent.holds.map((hold) => ({ ...hold, unknown: true })),
      );
    };
    return { name: `agent ${agent.id} vanishes`, disturbs: true, take };
  }

  #stepsOfUser(task: number, outside: Outside): Step[] {
    const retryAll = (tx: Transaction): Outside =>
      this.#tasks.reduce((now, one) => (retryTask(tx, one) ? fence(now, one) : now), outside);
    const act = (work: (tx: Transaction) => boolean) => (tx: Transaction) =>
      work(tx) ? fence(outside, task) : outside;
    return [
      { name: `a user kills ${task}`, disturbs: true, take: act((tx) => killTask(tx, task, '"killed"')) },
      { name: `a user retries ${task}`, disturbs: true, take: act((tx) => retryTask(tx, task)) },
      { name: 'a user retries all', disturbs: true, take: retryAll },
    ];
  }

  #fault(what: string): never {
    throw new Error(`${what}; after:\n  ${this.#path.join('\n  ')}`);
  }
}

function withHolds(outside: Outside, agent: Agent, holds: readonly Hold[]): Outside {
  const agents = outside.agents.map((one) => (one === agent ? { ...agent, holds } : one));
  return { ...outside, agents };
}

function fence(outside: Outside, task: number): Outside {
  const fenced = (holds: readonly Hold[]): Hold[] =>
    holds.map((hold) => (hold.task === task ? { ...hold, fenced: true } : hold));
  return { ...outside, agents: outside.agents.map((agent) => ({ ...agent, holds: fenced(agent.holds) })) };
}
