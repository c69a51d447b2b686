import { storedObject } from '../store/index.ts';
import type { LaneOptions } from '../app/index.ts';
import type { PendingLane } from '../store/index.ts';
import type { HostResources } from '../util/index.ts';
import type { Backlog } from './backlog.ts';
import type { Crew } from './crew.ts';
import type { Pace } from './pace.ts';
import { planClaims } from './plan-claims.ts';

interface Hands {
  readonly crew: Crew;
  readonly backlog: Backlog;
  readonly pace: Pace;
  readonly host: () => HostResources;
}

/** Decides what to claim, and remembers which lanes wait for room. */
export class Planner {
  readonly #hands: Hands;
  readonly #waitingSince = new Map<number, number>();

  constructor(hands: Hands) {
    this.#hands = hands;
  }

  /** How many tasks of each lane to claim now. */
  plan(lanes: readonly PendingLane[]): ReadonlyMap<number, number> {
    const { crew, backlog } = this.#hands;
    const host = this.#hands.host();
    const now = performance.now();
    const taskManagers = new Set(lanes.map(({ taskManager }) => taskManager));
    const { claims, tooLarge } = planClaims(
      lanes.map(({ lane, taskManager, pending, options }) => ({
        lane,
        taskManager,
        pending,
        prefetch: this.#aheadOf(lane, taskManager),
        options: storedObject<LaneOptions>(options),
        waitingSince: this.#waitingSince.get(lane),
      })),
      {
        host: { ...host, gpus: host.gpus.length },
        used: backlog.usage,
        free: new Map([...taskManagers].map((id) => [id, crew.freeSlots(id) - backlog.sizeOf(id)])),
        now,
      },
    );
    for (const lane of this.#waitingSince.keys()) if (!tooLarge.has(lane)) this.#waitingSince.delete(lane);
    for (const lane of tooLarge) if (!this.#waitingSince.has(lane)) this.#waitingSince.set(lane, now);
    return claims;
  }

  /** Quick tasks are claimed ahead: what workers may hold, and as much to send them while this process writes. */
  #aheadOf(lane: number, taskManager: number): number {
    const { crew, backlog, pace } = this.#hands;
    const { workers = 0 } = crew.taskManagers.get(taskManager) ?? {};
    return Math.max(0, 2 * workers * pace.ahead(lane) - backlog.size - crew.aheadCount);
  }
}
