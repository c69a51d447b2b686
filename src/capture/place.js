import { refusal } from './refusal.ts';
import { SourceFile, sourceFile } from './source-file.ts';
/** Where the text of a function stands in its script. */
export function placeOfFunction(fn, site, trail) {
  const text = Function.prototype.toString.call(fn);
  const file = site && sourceFile(site.scriptId);
  const place = site && file?.placeOf(text, site.line, site.column);
  if (place !== undefined) return place;
  const alone = file && (placeAlone(file, `(${text})`, text) ?? placeAlone(file, `({${text}})`, text));
  if (alone !== undefined) return alone;
  throw refusal(trail, 'its code cannot be found in its script', 'Write it as a function of the script');
}
/** A text that is not in its script, for instance because the script was changed while it ran. */
function placeAlone(file, script, text) {
  const record = { ...file.record, startLine: 0, startColumn: 0, sourceMapUrl: '' };
  try {
    const alone = new SourceFile(record, script);
    return alone.placeOf(text, 0, script.indexOf(text)) ?? alone.placeOf(text, 0, script.length - 2);
  } catch {
    return undefined;
  }
}
//# sourceMappingURL=place.js.map
