import { getCallSites } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInThisContext } from 'node:vm';

/** An ES module as it runs. */
export interface ModuleScript {
  readonly url: string;
  readonly text: string;
  readonly sourceMapUrl: string;
}

/**
 * The module that a function stands in, as far as it can be told without the engine's debugger: a module in a file, and
 * on the stack of this call, as the script is that calls an app. Turning the debugger on takes 20 to 40 ms, since the
 * engine then hashes every script that it has, Node's own among them.
 */
export function moduleOnStack(fn: object, scriptId: string): ModuleScript | undefined {
  const url = getCallSites(MOST_FRAMES, { sourceMap: false }).find(
    (site) => site.scriptId === scriptId,
  )?.scriptName;
  if (url?.startsWith('file:') !== true) return undefined;
  const text = scriptText(fn);
  return text === undefined ? undefined : { url, text, sourceMapUrl: sourceMapUrlIn(text) };
}

/** As many as Node gives. */
const MOST_FRAMES = 200;

/**
 * The text of the script that a function stands in, which may be another than that of the file: by now somebody may have
 * edited that, and runners compile it. Undefined from an engine that does not tell it this way.
 */
function scriptText(fn: object): string | undefined {
  // A Node that was started with the flag keeps it.
  const found = askEngine(fn);
  if (found !== undefined) return found;
  try {
    setFlagsFromString('--allow-natives-syntax');
    return askEngine(fn);
  } finally {
    setFlagsFromString('--no-allow-natives-syntax');
  }
}

function askEngine(fn: object): string | undefined {
  try {
    // Compiled anew each time: the engine drops the code of a function that rests, and the flag would be off then.
    const ask = runInThisContext('(fn) => %FunctionGetScriptSource(fn)') as (fn: object) => unknown;
    const text = ask(fn);
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}

/** As the engine finds it: the last comment of this kind. */
function sourceMapUrlIn(text: string): string {
  const found = text.matchAll(/\/\/[#@][ \t]sourceMappingURL=([^\s'"]+)[ \t]*$/gm);
  return [...found].at(-1)?.[1] ?? '';
}
