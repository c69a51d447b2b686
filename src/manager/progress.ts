import { basename } from 'node:path';
import pc from 'picocolors';
import type { TaskStateName } from '../model/index.ts';
import type { PlacementCounts } from '../queue/index.ts';
import { maskSecrets, visibleLine, visibleText } from '../util/index.ts';

type Counts = Readonly<Record<TaskStateName, number>>;

const LIVE_MS = 100;
const PLAIN_MS = 5000;

/** Tells how far a run is: a live line on a terminal, now and then a plain line elsewhere. */
export class Progress {
  readonly #name: string;
  readonly #stream: NodeJS.WriteStream;
  readonly #isLive: boolean;
  /** Those of a terminal, or none. The library's own guess takes a CI for a terminal. */
  readonly colours: Pick<typeof pc, 'cyan' | 'dim'>;
  #nextShown = -Infinity;
  #hasLine = false;

  constructor(path: string, stream: NodeJS.WriteStream) {
    this.#name = visibleLine(basename(path, '.sqlite'));
    this.#stream = stream;
    this.#isLive = stream.isTTY === true;
    this.colours = pc.createColors(this.#isLive && !process.env.NO_COLOR);
  }

  begin(placed: PlacementCounts, counts: Counts): void {
    const called = (['new', 'reused', 'found', 'retried', 'superseded'] as const)
      .filter((kind) => kind === 'new' || placed[kind] > 0)
      .map((kind) => `${placed[kind]} ${kind === 'found' ? 'known already' : kind}`);
    this.note(`${called.join(', ')} · ${describe(counts)}`);
  }

  /** A line that stays. */
  note(text: string): void {
    this.line(`${this.colours.dim(`tspipe ${this.#name}:`)} ${visibleText(maskSecrets(text))}`);
  }

  /** A line above the live one. */
  line(text: string): void {
    this.#clear();
    this.#stream.write(`${text}\n`);
  }

  /** Asks for the counts only when it is time to show them. */
  show(count: () => Counts): void {
    const now = performance.now();
    if (now < this.#nextShown) return;
    const isFirst = this.#nextShown === -Infinity;
    const counts = count();
    // To count what very many Futures need takes long: no more than a tenth of the time goes into that.
    const cost = performance.now() - now;
    this.#nextShown = now + Math.max(this.#isLive ? LIVE_MS : PLAIN_MS, 10 * cost);
    if (!this.#isLive) {
      if (!isFirst) this.note(describe(counts));
      return;
    }
    this.#clear();
    const text = `tspipe ${this.#name}: ${describe(counts)}`;
    // A terminal that does not know its width says 0.
    this.#stream.write(text.slice(0, Math.max(10, (this.#stream.columns || 80) - 1)));
    this.#hasLine = true;
  }

  end(stopped: string, counts: Counts, leftOver: readonly string[]): void {
    this.note(`${stopped} · ${describe(counts)}`);
    for (const text of leftOver) this.note(text);
  }

  #clear(): void {
    if (this.#hasLine) this.#stream.write('\r\x1b[K');
    this.#hasLine = false;
  }
}

function describe(counts: Counts): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0);
  return parts.length === 0 ? 'no tasks' : parts.map(([state, count]) => `${count} ${state}`).join(', ');
}
