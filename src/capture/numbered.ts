/** Things in the order in which they were asked for first. */
export class Numbered<Thing> {
  readonly #numbers = new Map<Thing, number>();

  get size(): number {
    return this.#numbers.size;
  }

  number(thing: Thing): number {
    const known = this.#numbers.get(thing) ?? this.#numbers.size;
    this.#numbers.set(thing, known);
    return known;
  }

  from(first: number): readonly Thing[] {
    return [...this.#numbers.keys()].slice(first);
  }
}
