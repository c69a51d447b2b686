/** An amount of memory as people read it: `812 MB`, `1.34 GB`. */
export function showBytes(bytes: number): string {
  const [unit, size] = bytes < 1e9 ? ['MB', 1e6] : ['GB', 1e9];
  return `${Number((bytes / size).toPrecision(3))} ${unit}`;
}
