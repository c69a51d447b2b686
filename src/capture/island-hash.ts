import { hash } from 'node:crypto';
import { CodeNames } from './code-names.ts';
import { printedCode } from './code-printer.ts';
import { type Constant, constantText, isLongText } from './constants.ts';
import type { Island } from './island.ts';
import { heldMember, importForm } from './link-path.ts';
import { moduleContent } from './module-content.ts';
import {
  type CellNode,
  type DataGroup,
  type Json,
  type Link,
  type ObjectEntry,
  ownName,
  type PartRoot,
  type UnitNode,
} from './nodes.ts';
import { Numbered } from './numbered.ts';
import { noticesStrictness } from './strictness.ts';

/** What an island means, and the islands it refers to in the order in which its code names them. */
export interface IslandMeaning {
  readonly hash: string;
  readonly parts: readonly PartRoot[];
}

/**
 * Code by its meaning, data by its canonical key, imports by what they name and linked packages by content; not files,
 * lines or versions. Things have numbers in the order in which the code names them, which no compiler changes.
 */
export function islandMeaning(island: Island): IslandMeaning {
  return new MeaningWriter(island).write();
}

class MeaningWriter {
  readonly #island: Island;
  readonly #units = new Numbered<UnitNode>();
  readonly #groups = new Numbered<DataGroup>();
  readonly #holders = new Numbered<ObjectEntry>();
  readonly #cells = new Numbered<CellNode>();
  readonly #parts = new Numbered<PartRoot>();
  readonly #contents = new Map<string, readonly string[]>();

  constructor(island: Island) {
    this.#island = island;
  }

  write(): IslandMeaning {
    const { rootUnit, receiver } = this.#island;
    this.#units.number(rootUnit);
    const form: unknown[] = [receiver && this.#link(receiver)];
    const written = { units: 0, groups: 0, holders: 0, cells: 0 };
    const writeAll = (): void => {
      // Writing one thing may number others, of any kind.
      for (let before = -1; before !== this.#count(); ) {
        before = this.#count();
        for (const unit of this.#units.from(written.units)) form.push(this.#unit(unit, written.units++));
        for (const group of this.#groups.from(written.groups)) form.push(this.#data(group, written.groups++));
        for (const entry of this.#holders.from(written.holders))
          form.push(this.#holder(entry, written.holders++));
        for (const cell of this.#cells.from(written.cells)) {
          form.push(['cell', written.cells++, this.#link(cell.initial)]);
        }
      }
    };
    writeAll();
    for (const { name, owner, encode, decode } of this.#island.classes.inOrder()) {
      form.push(['class', name, ...[owner, encode, decode].map((link) => link && this.#link(link))]);
      writeAll();
    }
    return { hash: hash('sha256', JSON.stringify(form)), parts: this.#parts.from(0) };
  }

  #count(): number {
    return this.#units.size + this.#groups.size + this.#holders.size + this.#cells.size;
  }

  #unit(unit: UnitNode, number: number): unknown {
    const { facts, fn, properties, members } = unit;
    const { place, kind, isStrict, imports } = facts;
    const names = new CodeNames(unit, (link) => this.#link(link));
    const code = printedCode(names);
    const mode = noticesStrictness(names) ? (isStrict ? 'strict' : 'sloppy') : 'any';
    const loaded = imports.map((specifier) => moduleContent(specifier, place.file.path));
    const added = [this.#links(properties), this.#links(members)];
    return ['unit', number, kind, mode, ownName(fn), code, added, loaded];
  }

  #data(group: DataGroup, number: number): unknown {
    return ['data', number, group.encoded?.key, group.links.map((link) => this.#link(link))];
  }

  #holder(entry: ObjectEntry, number: number): unknown {
    const sorted = [...entry.members].sort(([a], [b]) => (a < b ? -1 : 1));
    const members = sorted.map(([key, link]) => [key, heldMember(entry, key) ?? link] as const);
    return ['holder', number, Array.isArray(entry.value), this.#links(new Map(members))];
  }

  #links(links: ReadonlyMap<string, Link>): readonly (readonly [string, string])[] {
    return [...links].map(([name, link]) => [name, this.#link(link)] as const);
  }

  /** Begins with a sign that no other text of code begins with. */
  #link(link: Link): string {
    switch (link.kind) {
      case 'inline':
        return `$=${inlineText(link.value)}`;
      case 'unit':
        return `$u${this.#units.number(link.unit)}`;
      case 'data':
        return `$d${this.#groups.number(link.group)}`;
      case 'object':
        return this.#object(link.entry);
      case 'cell':
        return `$c${this.#cells.number(link.cell)}`;
      case 'part':
        return `$p${this.#parts.number(link.root)}`;
      case 'global':
        return `$g${JSON.stringify(link.path)}`;
      case 'builtin':
        return this.#import(importForm({ ...link, mode: 'require', interop: 'none' }, false));
      case 'import': {
        const { binding, file, isFlagged } = link;
        const content = this.#content(binding.specifier, file.path);
        return this.#import([...importForm(binding, isFlagged), ...content]);
      }
      case 'service': {
        // The place of a file counts only where the code can see it.
        const seesPath = link.service === 'meta' || link.service === 'filename' || link.service === 'dirname';
        return `$${link.service}${seesPath ? JSON.stringify(link.file.path ?? null) : ''}`;
      }
    }
  }

  /** What a linked package holds; nothing for an installed one. */
  #content(specifier: string, from: string | undefined): readonly string[] {
    const place = JSON.stringify([specifier, from]);
    const known = this.#contents.get(place) ?? [moduleContent(specifier, from)].flatMap((one) => one ?? []);
    this.#contents.set(place, known);
    return known;
  }

  #import(form: readonly unknown[]): string {
    return `$i${JSON.stringify(form)}`;
  }

  #object(entry: ObjectEntry): string {
    const { group, value } = entry;
    if (group === undefined) return `$h${this.#holders.number(entry)}`;
    const number = this.#groups.number(group);
    return group.roots.length === 1 ? `$d${number}` : `$d${number}.${group.roots.indexOf(value)}`;
  }
}

function inlineText(value: Json): string {
  return isLongText(value) ? hash('sha256', value) : constantText(value as Constant);
}
