/** From the messages of a WebSocket to frames (RFC 7118): each is one message of SIP, or a keep-alive. */
import { datagramFrame, type StreamSink } from './frame.ts';

/** Has the form of a `SipStream`. */
export class WebSocketMessages {
  /** A message comes whole. */
  readonly inside = false;
  readonly #sink: StreamSink;
  #stopped = false;

  constructor(sink: StreamSink) {
    this.#sink = sink;
  }

  push(bytes: Buffer): void {
    if (this.#stopped) return;
    // The end of the message is that of the body (RFC 7118 section 5), as it is with a datagram.
    const frame = datagramFrame(bytes);
    if (frame && /SIP\//i.test(frame.head.startLine)) {
      this.#sink.frame(frame);
    } else if (!/^[\r\n]*$/.test(bytes.toString('latin1'))) {
      // Nothing but SIP may come (RFC 7118 section 4.1).
      this.stop();
      this.#sink.broken();
    } else if (bytes.length > ONE_LINE) {
      this.#sink.ping();
    }
  }

  /** Takes no more messages. */
  stop(): void {
    this.#stopped = true;
  }
}

/** Bytes of a line end, which alone is some client's keep-alive and wants no answer. */
const ONE_LINE = 2;
