/** One step into a value: a property, an index, or words of its own such as `.get("k")`. */
export type Step = string | number | (() => string);

const SHOWN_AT_START = 8;
const SHOWN_AT_END = 3;

/** Where in a value the codec is, for error messages: `fraction → argument 1 → options.list[3]`. */
export class Trail {
  readonly #start: string | undefined;
  readonly #items: string | undefined;
  readonly #steps: Step[] = [];

  /** `items` names the items of an outermost array, counting from 1: with `argument` the first is `argument 1`. */
  constructor(start?: string, items?: string) {
    this.#start = start;
    this.#items = items;
  }

  push(step: Step): void {
    this.#steps.push(step);
  }

  pop(): void {
    this.#steps.pop();
  }

  toString(): string {
    const first = this.#steps[0];
    const named = this.#items !== undefined && typeof first === 'number';
    const item = named ? `${this.#items} ${first + 1}` : undefined;
    const path = shownSteps(named ? this.#steps.slice(1) : this.#steps);
    const words = [this.#start, item, path].filter((word) => word !== undefined && word !== '');
    return words.length === 0 ? 'the value' : words.join(' → ');
  }
}

/** A short text for a key or an item in a message. */
export function shortText(value: unknown): string {
  const text =
    typeof value === 'string' ? JSON.stringify(value) : Object.is(value, -0) ? '-0' : safeString(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

function safeString(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

function shownSteps(steps: readonly Step[]): string {
  if (steps.length <= SHOWN_AT_START + SHOWN_AT_END) return joined(steps);
  return `${joined(steps.slice(0, SHOWN_AT_START))} … ${joined(steps.slice(-SHOWN_AT_END))}`;
}

function joined(steps: readonly Step[]): string {
  return steps.map(stepText).join('').replace(/^\./, '');
}

function stepText(step: Step): string {
  if (typeof step === 'function') return step();
  if (typeof step === 'number') return `[${step}]`;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(step) ? `.${step}` : `[${shortText(step)}]`;
}
