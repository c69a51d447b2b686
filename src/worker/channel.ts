import { Socket } from 'node:net';
import type { FromWorker, ToWorker } from '../queue/index.ts';
import { lineSplitter } from '../util/index.ts';

/** Lines of JSON to and from the agent. */
export class Channel {
  readonly #socket: Socket;

  constructor(descriptor: number) {
    this.#socket = new Socket({ fd: descriptor });
    // Without its agent a worker has nothing to do; the watchdog ends it even when it is busy.
    this.#socket.on('error', () => process.exit(1));
    this.#socket.on('end', () => process.exit(0));
  }

  listen(receive: (message: ToWorker) => void): void {
    this.#socket.setEncoding('utf8');
    this.#socket.on(
      'data',
      lineSplitter((line) => receive(JSON.parse(line) as ToWorker)),
    );
  }

  send(message: FromWorker): void {
    this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  /** Ends this process once all that was sent has left it. */
  exitWhenSent(code: number): void {
    this.#socket.end(() => process.exit(code));
  }
}
