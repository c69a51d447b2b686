/** A duration as people read it: `3.2 ms`, `1.25 s`, `2 min 5 s`, `3 h 20 min`; empty for null. */
export function showSeconds(seconds: number | null): string {
  if (seconds === null) return '';
  if (seconds < 0.9995) return `${round(seconds * 1000)} ms`;
  if (seconds < 59.95) return `${round(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Three digits, which is more than timings repeat by. */
function round(value: number): string {
  return String(Number(value.toPrecision(3)));
}
