import { maskSecrets } from './secret-values.ts';
import { visibleText } from './visible-text.ts';

const LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;

/** How much is said: each level includes those before it. */
export type LogLevel = (typeof LEVELS)[number];

/** Takes a finished line. */
export type LogSink = (line: string, level: LogLevel) => void;

interface LoggerState {
  level: LogLevel;
  sink: LogSink;
}

const state: LoggerState = { level: levelFrom(process.env.TSPIPE_LOG), sink: writeToStderr };

/**
 * The one place through which tspipe says something by itself. Library calls are silent but for warnings and errors.
 * `TSPIPE_LOG` or `setLogging` choose another level.
 */
export const log = {
  error: (text: string): void => say('error', text),
  warn: (text: string): void => say('warn', text),
  info: (text: string): void => say('info', text),
  debug: (text: string): void => say('debug', text),
};

/** Chooses the level (default `warn`, or that of `TSPIPE_LOG`) and where lines go (default standard error). */
export function setLogging({ level, sink }: { readonly level?: LogLevel; readonly sink?: LogSink }): void {
  if (level !== undefined) state.level = levelFrom(level);
  if (sink !== undefined) state.sink = sink;
}

function say(level: LogLevel, text: string): void {
  if (LEVELS.indexOf(level) > LEVELS.indexOf(state.level)) return;
  const mark = level === 'info' ? '' : `${level === 'warn' ? 'warning' : level}: `;
  state.sink(`tspipe: ${mark}${visibleText(maskSecrets(text))}`, level);
}

function levelFrom(name: string | undefined): LogLevel {
  return LEVELS.find((level) => level === name) ?? 'warn';
}

function writeToStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}
