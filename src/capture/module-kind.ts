import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';

/**
 * Whether a file holds an ES module and Node would read it as CommonJS, which the nearest package.json can demand.
 * Runners such as tsx read it all the same.
 */
export function isMisread(path: string): boolean {
  if (!['.js', '.ts'].includes(extname(path)) || packageType(dirname(path)) !== 'commonjs') return false;
  return /^\s*(export\s|import\s*[\w{*'"])/m.test(readFileSync(path, 'utf8'));
}

function packageType(folder: string): unknown {
  const file = join(folder, 'package.json');
  if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { readonly type?: unknown }).type;
  return dirname(folder) === folder ? undefined : packageType(dirname(folder));
}
