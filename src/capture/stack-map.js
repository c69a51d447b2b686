import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { lazily, traceMapping } from './syntax.ts';
const MARK = '?tspipe=';
const islands = new Map();
/** The name under which a function is compiled: the file it stands for, and a key that `mapStack` knows. */
export function scriptName(key, island, unit) {
  const file = unit.map?.file ?? island.files[unit.file];
  return `${file ? pathToFileURL(file).href : 'script'}${MARK}${key}`;
}
/** Keeps where the functions of an island came from. */
export function registerPositions(id, island) {
  islands.set(id, { island, maps: new Map() });
}
// `name (file:///a.ts?tspipe=0123.0.4:1:2)` and `file:///a.ts?tspipe=0123.0.4:1:2`.
const FRAME = /(\(|\s)((?:file:|script)[^\s()?]*)\?tspipe=([0-9a-f]+\.\d+)\.(\d+):(\d+):(\d+)/g;
/**
 * Rewrites a stack of functions made by `loadProgram` to the files, lines and columns of the user, and drops the
 * frames of tspipe itself, and of Node below them.
 */
export function mapStack(stack) {
  const mapped = stack.replace(FRAME, (_, before, url, id, unit, line, column) => {
    const at = originalFrame(id, Number(unit), { line: Number(line), column: Number(column) });
    const file = url.startsWith('file:') ? fileURLToPath(url) : url;
    return `${before}${file}:${at.line}:${at.column}`;
  });
  return withoutOurs(mapped.split('\n')).join('\n');
}
/** Both positions count from 1, as stacks do. */
function originalFrame(id, unit, position) {
  const known = islands.get(id);
  const map = known && unitMap(known.island.units[unit], unit, known.maps);
  if (map === undefined) return position;
  const found = traceMapping().originalPositionFor(map, { line: position.line, column: position.column - 1 });
  return found.line === null ? position : { line: found.line, column: found.column + 1 };
}
function unitMap(unit, number, maps) {
  if (unit?.map === undefined) return undefined;
  const { file, mappings } = unit.map;
  const known = maps.get(number);
  const map = known ?? new (traceMapping().TraceMap)({ version: 3, names: [], sources: [file], mappings });
  maps.set(number, map);
  return map;
}
// `src/` or `dist/`, with everything that runs a task.
const ownFolder = lazily(() => join(dirname(fileURLToPath(import.meta.url)), '..'));
function withoutOurs(lines) {
  const own = ownFolder();
  const ownUrl = pathToFileURL(own).href;
  const isOurs = (line) =>
    /^\s+at /.test(line) &&
    (line.includes(`${own}/`) || line.includes(`${own}\\`) || line.includes(`${ownUrl}/`));
  const last = lines.findLastIndex((line) => /^\s+at /.test(line) && !isOurs(line) && !/\(?node:/.test(line));
  const hasOurs = lines.some(isOurs);
  return lines.filter((line, index) => {
    if (isOurs(line)) return false;
    const isTail = hasOurs && index > last && /^\s+at .*\(?node:internal/.test(line);
    return !isTail;
  });
}
//# sourceMappingURL=stack-map.js.map
