import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { answerText, type FromWorker, readOrder, type ToWorker } from '../queue/index.ts';
import { lineSplitter } from '../util/index.ts';

/** Lines of JSON to and from the agent. */
export class Channel {
  readonly #socket: Socket;
  readonly #out: number;

  /** Descriptors to read from and to write to. */
  constructor({ from, to }: { readonly from: number; readonly to: number }) {
    this.#out = to;
    this.#socket = new Socket({ fd: from, writable: false });
    // Without its agent a worker has nothing to do; the watchdog ends it even when it is busy.
    this.#socket.on('error', () => process.exit(1));
    this.#socket.on('end', () => process.exit(0));
  }

  listen(receive: (message: ToWorker) => void): void {
    this.#socket.setEncoding('utf8');
    this.#socket.on(
      'data',
      lineSplitter((line) => receive(readOrder(line))),
    );
  }

  /**
   * Returns when the message has left this process: what a task gave does not wait here while the next one runs. It
   * waits while the agent does not read.
   */
  send(message: FromWorker): void {
    const bytes = encoded(`${answerText(message)}\n`);
    try {
      for (let sent = 0; sent < bytes.byteLength; ) sent += writeSync(this.#out, bytes, sent);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EPIPE') process.exit(1);
      throw error;
    }
  }
}

// One for all short messages: there are thousands a second.
const scratch = Buffer.allocUnsafe(16 * 1024);
const LONGEST_CHARACTER = 3;

/** The bytes of a text, to be used before the next call. */
function encoded(text: string): Uint8Array {
  if (text.length * LONGEST_CHARACTER > scratch.byteLength) return Buffer.from(text);
  return scratch.subarray(0, scratch.write(text));
}
