import { hash } from 'node:crypto';
import { parseProgram, PROGRAM_FORMAT } from './program-format.ts';
/** Puts islands together, the first of which is the root of all. */
export function assembleProgram(root, write) {
  const written = new Map();
  const numbers = [];
  const visit = (part) => {
    if (written.has(part)) return;
    const island = write(part);
    written.set(part, island);
    numbers.push(part);
    for (const next of island.parts) visit(next);
  };
  visit(root);
  const blobs = [];
  const islands = [...written.values()].map(({ island, parts, blobs: own }) => {
    const first = blobs.length;
    blobs.push(...own);
    return {
      island,
      parts: parts.map((part) => numbers.indexOf(part)),
      blobs: own.map((_, index) => first + index),
    };
  });
  return programOf(islands, blobs);
}
/**
 * The program of one of the islands in a program, the same as capturing its function by itself gives.
 *
 * `blobs` are those of the program; `part` counts from 0, its root.
 */
export function reroot(text, part, blobs) {
  return rerooted(parseProgram(text), part, blobs);
}
export function rerooted({ islands }, part, blobs) {
  const order = [];
  const visit = (number) => {
    if (order.includes(number)) return;
    order.push(number);
    for (const next of islands[number]?.parts ?? []) visit(next);
  };
  visit(part);
  const used = [];
  const placed = order.flatMap((number) => {
    const old = islands[number];
    if (old === undefined) return [];
    const first = used.length;
    used.push(...old.blobs.flatMap((blob) => blobs[blob] ?? []));
    const parts = old.parts.map((next) => order.indexOf(next));
    return [{ island: old.island, parts, blobs: old.blobs.map((_, index) => first + index) }];
  });
  return programOf(placed, used);
}
function programOf(islands, blobs) {
  const text = { version: PROGRAM_FORMAT, islands };
  const [{ about }] = islands.map(({ island }) => island);
  const packages = islands.flatMap(({ island }) => island.about.packages);
  return {
    identity: hash('sha256', JSON.stringify(islands.map(({ island, parts }) => [island.hash, parts]))),
    text: JSON.stringify(text),
    blobs,
    source: about.source,
    parameters: about.parameters,
    file: about.file ?? undefined,
    line: about.line ?? undefined,
    packages: [...new Map(packages.map((used) => [`${used.specifier} ${used.version}`, used])).values()],
    captures: islands.flatMap(({ island }) => island.about.captures).sort((a, b) => b.bytes - a.bytes),
    bytes: islands.reduce((sum, { island }) => sum + island.about.bytes, 0),
  };
}
//# sourceMappingURL=program.js.map
