import { describeConfig } from '../config/index.ts';
import { TextTable } from '../insight/index.ts';
import { terminalWidth } from './terminal.ts';

/** Writes the settings in force to standard output: as YAML, or as a table with what each comes from. */
export function showConfig({ withOrigin, asJson }: { withOrigin: boolean; asJson: boolean }): void {
  const settings = describeConfig();
  if (asJson) {
    process.stdout.write(`${JSON.stringify(settings, undefined, 2)}\n`);
    return;
  }
  const rows = settings.map(({ key, value, origin }) => [key, inline(value), origin]);
  const lines = withOrigin
    ? new TextTable(['KEY', 'VALUE', 'FROM'], terminalWidth(process.stdout)).lines(rows)
    : rows.map(([key, value]) => `${key}: ${value}`);
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Text as it is, all else as JSON, which is YAML. */
function inline(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
