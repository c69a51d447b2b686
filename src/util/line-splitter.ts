/** Puts chunks of text together to lines, without their ends, in time that grows with the text only. */
export function lineSplitter(receive: (line: string) => void): (chunk: string) => void {
  let parts: string[] = [];
  return (chunk) => {
    let start = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', start)) {
      const line = parts.join('') + chunk.slice(start, end);
      parts = [];
      start = end + 1;
      receive(line);
    }
    if (start < chunk.length) parts.push(chunk.slice(start));
  };
}
