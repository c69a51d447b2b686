import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { SourceMapSegment, TraceMap } from '@jridgewell/trace-mapping';
import type { FunctionFacts } from './function-facts.ts';
import type { Place, SourceFile } from './source-file.ts';
import { traceMapping } from './syntax.ts';
import { shift } from './text-edits.ts';

/** A position in the file that the user wrote; 0-based. */
export interface OriginalPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Where a function begins in the file that the user wrote. */
export function originalPlace(place: Place): OriginalPlace | undefined {
  const { file, start } = place;
  const at = file.position(start);
  return originalPosition(file, at) ?? (file.path === undefined ? undefined : { file: file.path, ...at });
}

/** A position in the file that the user wrote; undefined for a script that was not compiled from another file. */
export function originalPosition(
  file: SourceFile,
  { line, column }: { readonly line: number; readonly column: number },
): OriginalPlace | undefined {
  const map = sourceMap(file);
  const segment = map && traceMapping().traceSegment(map, line, column);
  if (!map || !segment || segment.length === 1) return undefined;
  const source = sourcePath(map, segment[1]);
  return source === undefined ? undefined : { file: source, line: segment[2], column: segment[3] };
}

/** The text of the file that the user wrote. */
export function originalText(file: SourceFile, path: string): string | undefined {
  const map = sourceMap(file);
  const index = map?.resolvedSources.findIndex((_, at) => sourcePath(map, at) === path) ?? -1;
  const content = map?.sourcesContent?.[index];
  return content ?? textOnDisk(path);
}

/** A source map of the text of one function, positions counted from its beginning. */
export function unitMap(
  facts: FunctionFacts,
): { readonly file: string; readonly mappings: string } | undefined {
  const { file, start, node } = facts.place;
  const map = sourceMap(file);
  const original = originalPosition(file, file.position(start));
  if (map === undefined || original === undefined) return undefined;
  const lines = segmentsWithin(facts, traceMapping().decodedMappings(map)).map((segments) =>
    segments.flatMap((segment): SourceMapSegment[] => {
      if (segment.length === 1 || sourcePath(map, segment[1]) !== original.file) return [];
      return [[segment[0], 0, segment[2], segment[3]]];
    }),
  );
  if (node.end === start || lines.length === 0) return undefined;
  const { encodedMappings, presortedDecodedMap } = traceMapping();
  const trimmed = presortedDecodedMap({ version: 3, names: [], sources: [original.file], mappings: lines });
  return { file: original.file, mappings: encodedMappings(trimmed) };
}

/** The segments of a function, by lines from its own first, columns as they are in the text that runs in a worker. */
function segmentsWithin(
  { place: { file, start, node }, edits }: FunctionFacts,
  decoded: readonly (readonly SourceMapSegment[])[],
): SourceMapSegment[][] {
  const first = file.position(start);
  const last = file.position(node.end);
  const lines: SourceMapSegment[][] = [];
  for (let line = first.line; line <= last.line; line++) {
    const lineStart = line === first.line ? start : file.lineStart(line);
    const from = line === first.line ? first.column : 0;
    const to = line === last.line ? last.column : Number.POSITIVE_INFINITY;
    const within = (decoded[line] ?? []).filter(([column]) => column >= from && column < to);
    lines.push(
      within.map((segment) => {
        const moved = edits.length === 0 ? 0 : shift(file.text, lineStart + segment[0] - from, edits);
        const [column, ...rest] = segment;
        return [column - from + moved, ...rest] as SourceMapSegment;
      }),
    );
  }
  return lines;
}

const maps = new WeakMap<SourceFile, TraceMap | null>();

function sourceMap(file: SourceFile): TraceMap | undefined {
  const known = maps.get(file);
  if (known !== undefined) return known ?? undefined;
  const map = readMap(file);
  maps.set(file, map ?? null);
  return map;
}

function readMap(file: SourceFile): TraceMap | undefined {
  const { path } = file;
  if (path === undefined) return undefined;
  const text = vitestMap(path) ?? mapText(file.record.sourceMapUrl, path);
  if (text === undefined) return undefined;
  try {
    return new (traceMapping().TraceMap)(text, pathToFileURL(path).href);
  } catch {
    // A broken map means positions of the compiled file, which are right too, only less readable.
    return undefined;
  }
}

function mapText(url: string, path: string): string | undefined {
  const data = /^data:application\/json[^,]*?(;base64)?,(.*)$/s.exec(url);
  if (data !== null) {
    const [, encoding, body = ''] = data;
    return encoding === undefined ? decodeURIComponent(body) : Buffer.from(body, 'base64').toString('utf8');
  }
  return url === '' ? undefined : textOnDisk(fileURLToPath(new URL(url, pathToFileURL(path))));
}

/** vitest keeps the maps of the modules it evaluates to itself. */
function vitestMap(path: string): string | undefined {
  const { __vitest_worker__: worker } = globalThis as { __vitest_worker__?: VitestWorker };
  const map = worker?.evaluatedModules?.getModuleSourceMapById?.(path)?.map;
  return map === undefined ? undefined : JSON.stringify(map);
}

interface VitestWorker {
  readonly evaluatedModules?: {
    readonly getModuleSourceMapById?: (id: string) => { readonly map?: unknown } | null | undefined;
  };
}

function sourcePath(map: TraceMap, index: number): string | undefined {
  const source = map.resolvedSources[index];
  return source?.startsWith('file:') === true ? fileURLToPath(source) : source;
}

/** Undefined for a file that is not there. */
export function textOnDisk(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
