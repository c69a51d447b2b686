import { describeConfig } from '../config/index.ts';
import { TextTable } from '../insight/index.ts';
import { isSecretName, visibleText } from '../util/index.ts';
import { jsonText } from './print.ts';
import { terminalWidth } from './terminal.ts';

export interface ShowConfigOptions {
  readonly withOrigin: boolean;
  readonly asJson: boolean;
  /** As a script with this profile on its command line sees them. */
  readonly profile: string | undefined;
}

/** Writes the settings in force to standard output: as YAML, or as a table with what each comes from. */
export function showConfig({ withOrigin, asJson, profile }: ShowConfigOptions): void {
  const sources = profile === undefined ? {} : { argv: ['--profile', profile] };
  const settings = describeConfig(undefined, sources).map((one) => ({
    ...one,
    value: withoutSecrets(one.value),
  }));
  if (asJson) {
    process.stdout.write(`${jsonText(settings, 2)}\n`);
    return;
  }
  const rows = settings.map(({ key, value, origin }) => [key, inline(value), origin]);
  const lines = withOrigin
    ? new TextTable(['KEY', 'VALUE', 'FROM'], terminalWidth(process.stdout)).lines(rows)
    : rows.map(([key = '', value = '']) => visibleText(`${key}: ${value}`));
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** What a file holds in plain text is not for a screen that others see. */
function withoutSecrets(value: unknown): unknown {
  const masked = (key: string, part: unknown): unknown =>
    typeof part === 'string' && isSecretName(key) ? `[secret ${key}]` : part;
  return JSON.parse(JSON.stringify(value, masked));
}

/** Text as it is, all else as JSON, which is YAML. */
function inline(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
