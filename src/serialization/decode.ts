import { PipeError } from '../errors.ts';
import { withinLimits } from './engine-limits.ts';
import { DEPTH_LIMIT, FORMAT_MARK, VALUE_FORMAT } from './format.ts';
import { malformed } from './malformed.ts';
import { type ReaderOptions, ValueReader } from './reader.ts';

/** What `decodeValue` takes besides the text: `revive` for what `replace` made, and the blobs. */
export type DecodeOptions = ReaderOptions;

/**
 * Makes the value again that `encodeValue` gave this text for. Runs no code but `revive` and the `decode` of
 * registered classes. Nothing is shared with `blobs` or with what another call returns.
 *
 * @throws `VALUE_MALFORMED`, `VALUE_FORMAT_NEWER`, `VALUE_TOO_DEEP`, and `VALUE_CLASS_UNKNOWN` for a class that is not
 * registered here.
 */
export function decodeValue(text: string, options: DecodeOptions = {}): unknown {
  refuseNewer(text);
  const tree = parsed(text);
  if (isPlainText(text)) return tree;
  return withinLimits('a stored value', () => new ValueReader(options).child(tree));
}

function refuseNewer(text: string): void {
  const version = FORMAT_MARK.exec(text)?.[1];
  if (version === undefined) return;
  throw new PipeError(
    'VALUE_FORMAT_NEWER',
    `A stored value has format ${version}; this tspipe reads up to ${VALUE_FORMAT}. Update tspipe.`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw malformed(
      `A stored value begins ${JSON.stringify(String(text).slice(0, 60))}, which is no JSON.`,
      cause,
    );
  }
}

/**
 * Whether a text needs nothing but `JSON.parse`. A level takes two characters, so a short one is not too deep. Without
 * a key `$`, spelt plainly or as an escape, nothing is tagged.
 */
export function isPlainText(text: string): boolean {
  return text.length <= 2 * DEPTH_LIMIT && !text.includes('"$"') && !text.includes('\\u0024');
}
