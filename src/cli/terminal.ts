/** Whether to write colours: to terminals, unless NO_COLOR says otherwise. */
export function hasColour(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
}

/** Columns of a terminal; for files and pipes nothing is cut. */
export function terminalWidth(stream: NodeJS.WriteStream): number {
  return stream.isTTY === true && stream.columns > 0 ? stream.columns : Infinity;
}
