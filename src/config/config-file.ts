import { ConfigDocument } from './config-document.ts';
import { readText } from './read-text.ts';
import type { ConfigValues } from './schema.ts';

/**
 * The values of a configuration file, or undefined when there is none.
 * Throws `CONFIG_INVALID` with file, line and column.
 */
export function readConfigFile(file: string): ConfigValues | undefined {
  const text = readText(file);
  return text === undefined ? undefined : new ConfigDocument(text, file).values();
}
