import type { AnyFunction } from './any-function.ts';
import type { FunctionSite } from './inspector.ts';
import { refusal, type Trail } from './refusal.ts';
import { type Place, SourceFile, sourceFile } from './source-file.ts';

/** Where the text of a function stands in its script. */
export function placeOfFunction(fn: AnyFunction, site: FunctionSite | undefined, trail: Trail): Place {
  const text = Function.prototype.toString.call(fn);
  const file = site && sourceFile(site.scriptId);
  const place = site && file?.placeOf(text, site.line, site.column);
  if (place !== undefined) return place;
  const alone = file && (placeAlone(file, `(${text})`, text) ?? placeAlone(file, `({${text}})`, text));
  if (alone !== undefined) return alone;
  throw refusal(trail, 'its code cannot be found in its script', 'Write it as a function of the script');
}

/** A text that is not in its script, for instance because the script was changed while it ran. */
function placeAlone(file: SourceFile, script: string, text: string): Place | undefined {
  const record = { ...file.record, startLine: 0, startColumn: 0, sourceMapUrl: '' };
  try {
    const alone = new SourceFile(record, script);
    return alone.placeOf(text, 0, script.indexOf(text)) ?? alone.placeOf(text, 0, script.length - 2);
  } catch {
    return undefined;
  }
}
