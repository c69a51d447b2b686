/** Ends the process without a word when nobody reads any more what it writes: `tspipe queues | head -1`. */
export function endQuietlyWithPipe(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}
