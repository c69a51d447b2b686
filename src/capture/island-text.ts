import { SUPER } from './class-parts.ts';
import type { Island } from './island.ts';
import { islandMeaning } from './island-hash.ts';
import { moduleFiles } from './module-content.ts';
import { Numbered } from './numbered.ts';
import {
  type CellNode,
  type ClassNode,
  type DataGroup,
  type Link,
  type ObjectEntry,
  ownName,
  type PartRoot,
  type UnitNode,
} from './nodes.ts';
import { originOf, type PackageUse, packageUse } from './packages.ts';
import type {
  CaptureSize,
  ClassText,
  DataText,
  HolderText,
  ImportText,
  IslandText,
  LinkText,
  ModuleText,
  UnitText,
} from './program-format.ts';
import { parameterNames, readableSource } from './readable.ts';
import { shownTrail } from './refusal.ts';
import type { SourceFile } from './source-file.ts';
import { originalPlace, unitMap } from './source-maps.ts';

/** An island as text, with what it refers to outside itself in the order of its own numbers. */
export interface WrittenIsland {
  readonly island: IslandText;
  readonly parts: readonly PartRoot[];
  readonly blobs: readonly Uint8Array[];
}

/** Numbers everything in the order in which it is met from the root, so that the text does not depend on chance. */
export function writeIsland(island: Island): WrittenIsland {
  return new IslandWriter(island).write();
}

/** The numbered things of an island, each list growing while others are written. */
interface IslandLists {
  readonly units: UnitText[];
  readonly data: DataText[];
  readonly holders: HolderText[];
  readonly cells: LinkText[];
}

class IslandWriter {
  readonly #island: Island;
  readonly #units = new Numbered<UnitNode>();
  readonly #groups = new Numbered<DataGroup>();
  readonly #holders = new Numbered<ObjectEntry>();
  readonly #cells = new Numbered<CellNode>();
  readonly #imports = new Numbered<string>();
  readonly #files = new Numbered<SourceFile>();
  readonly #parts = new Numbered<PartRoot>();
  readonly #blobs: Uint8Array[] = [];
  readonly #packages = new Map<string, PackageUse>();
  readonly #modules = new Map<string, ModuleText>();

  constructor(island: Island) {
    this.#island = island;
  }

  write(): WrittenIsland {
    const { root, rootUnit, receiver } = this.#island;
    const meaning = islandMeaning(this.#island);
    for (const part of meaning.parts) this.#parts.number(part);
    this.#units.number(rootUnit);
    const receiverText = receiver && this.#link(receiver);
    const units = this.#units;
    const lists: IslandLists = { units: [], data: [], holders: [], cells: [] };
    const classes = this.#island.classes.inOrder().map((known) => this.#class(known));
    // Writing one thing may number others, of any kind.
    for (let before = -1; before !== this.#count(); ) {
      before = this.#count();
      for (const unit of units.from(lists.units.length)) lists.units.push(this.#unit(unit));
      for (const group of this.#groups.from(lists.data.length)) lists.data.push(this.#data(group));
      for (const entry of this.#holders.from(lists.holders.length)) lists.holders.push(this.#holder(entry));
      for (const cell of this.#cells.from(lists.cells.length)) lists.cells.push(this.#link(cell.initial));
    }
    const imports = this.#imports.from(0).map((text) => JSON.parse(text) as ImportText);
    const place = originalPlace(rootUnit.facts.place);
    const captures = this.#captures();
    const island: IslandText = {
      hash: meaning.hash,
      about: {
        name: root.name,
        source: readableSource(rootUnit.facts.place),
        parameters: parameterNames(rootUnit.facts.place),
        file: place?.file ?? null,
        line: place === undefined ? null : place.line + 1,
        packages: [...this.#packages.values()],
        captures,
        bytes: captures.reduce((sum, { bytes }) => sum + bytes, 0),
      },
      ...(receiverText && { receiver: receiverText }),
      ...lists,
      ...(classes.length > 0 && { classes }),
      imports,
      files: this.#files.from(0).map((file) => file.path ?? null),
      ...(this.#modules.size > 0 && { modules: [...this.#modules.values()] }),
    };
    return { island, parts: this.#parts.from(0), blobs: this.#blobs };
  }

  #count(): number {
    return this.#units.size + this.#groups.size + this.#holders.size + this.#cells.size;
  }

  #link(link: Link): LinkText {
    switch (link.kind) {
      case 'inline':
        return { v: link.value };
      case 'unit':
        return { u: this.#units.number(link.unit) };
      case 'data':
        return { d: this.#groups.number(link.group) };
      case 'object':
        return this.#object(link.entry);
      case 'global':
        return { g: link.path };
      case 'cell':
        return { c: this.#cells.number(link.cell) };
      case 'service':
        return { s: link.service, f: this.#files.number(link.file) };
      case 'part':
        return { p: this.#parts.number(link.root) };
      case 'import':
        return this.#import(link.binding, link.file);
      case 'builtin': {
        const { specifier, path } = link;
        const text: ImportText = { specifier, path, mode: 'require', interop: 'none', file: 0 };
        this.#files.number(this.#island.rootUnit.facts.place.file);
        return { i: this.#imports.number(JSON.stringify(text)) };
      }
    }
  }

  #object(entry: ObjectEntry): LinkText {
    const { group, value } = entry;
    if (group === undefined) return { h: this.#holders.number(entry) };
    const number = this.#groups.number(group);
    return group.roots.length === 1 ? { d: number } : { d: number, at: group.roots.indexOf(value) };
  }

  #import({ specifier, path, mode, interop }: Omit<ImportText, 'file'>, file: SourceFile): LinkText {
    if (originOf(specifier, file.path) === 'package') {
      const used = packageUse(specifier, file.path);
      this.#packages.set(`${specifier} ${used.version}`, used);
    }
    this.#addModule(specifier, file);
    const text: ImportText = { specifier, path, mode, interop, file: this.#files.number(file) };
    return { i: this.#imports.number(JSON.stringify(text)) };
  }

  #unit(unit: UnitNode): UnitText {
    const { facts, fn } = unit;
    const { file, start } = facts.place;
    const atOnce = new Set(facts.names.filter((free) => free.isNeededAtOnce).map(({ name }) => name)).add(
      SUPER,
    );
    const first = [...unit.links.keys()].filter((name) => atOnce.has(name));
    const at = file.position(start);
    const map = unitMap(facts);
    for (const specifier of facts.imports) this.#addModule(specifier, file);
    return {
      kind: facts.kind,
      name: ownName(fn),
      strict: facts.isStrict,
      text: facts.text,
      links: this.#links(unit.links),
      ...(first.length > 0 && { first }),
      ...(unit.properties.size > 0 && { own: this.#links(unit.properties) }),
      ...(unit.members.size > 0 && { proto: this.#links(unit.members) }),
      at: [at.line, at.column],
      file: this.#files.number(file),
      ...(map && { map }),
      ...(facts.classParts?.hasStaticFields === true && { keeps: true }),
    };
  }

  #addModule(specifier: string, from: SourceFile): void {
    const hashes = [...moduleFiles(specifier, from.path).values()].sort();
    if (hashes.length === 0) return;
    const file = this.#files.number(from);
    this.#modules.set(`${file} ${specifier}`, { specifier, file, hashes });
  }

  #links(links: ReadonlyMap<string, Link>): readonly (readonly [string, LinkText])[] {
    return [...links].map(([name, link]) => [name, this.#link(link)] as const);
  }

  #data(group: DataGroup): DataText {
    const { text = '', blobs = [] } = group.encoded ?? {};
    const first = this.#blobs.length;
    this.#blobs.push(...blobs);
    const numbers = blobs.map((_, index) => first + index);
    return { text, blobs: numbers, links: group.links.map((link) => this.#link(link)) };
  }

  #holder({ value, members }: ObjectEntry): HolderText {
    const sorted = new Map([...members].sort(([a], [b]) => (a < b ? -1 : 1)));
    return { array: Array.isArray(value), members: this.#links(sorted) };
  }

  #class({ name, owner, encode, decode }: ClassNode): ClassText {
    return {
      name,
      ...(owner && { owner: this.#link(owner) }),
      encode: this.#link(encode),
      decode: this.#link(decode),
    };
  }

  #captures(): readonly CaptureSize[] {
    return this.#groups.from(0).map(({ trail, encoded }) => {
      const blobs = encoded?.blobs.reduce((sum, blob) => sum + blob.byteLength, 0) ?? 0;
      return { trail: shownTrail(trail), bytes: (encoded?.text.length ?? 0) + blobs };
    });
  }
}
