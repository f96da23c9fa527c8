/** A session handler and a sink that write down what they are told. */
import type {
  Beginning,
  IncomingMessage,
  IncomingReport,
  MessageOpening,
  NicknameRequest,
  SessionHandler,
} from '../../src/msrp/index.ts';
import type { ContinuationFlag, MsrpHead, MsrpSyntaxError } from '../../src/msrp/head.ts';
import type { FrameSink } from '../../src/msrp/parser.ts';

/** Answers every message and nickname with 200 unless told otherwise. */
export class Listener implements SessionHandler {
  readonly told: string[] = [];
  readonly messages: IncomingMessage[] = [];
  readonly nicknames: NicknameRequest[] = [];
  readonly reports: IncomingReport[] = [];
  answer: (message: IncomingMessage) => void = (message) => message.respond(200);
  /** What becomes of long messages. */
  begin: (opening: MessageOpening) => Beginning = () => 'keep';
  #wake: (() => void)[] = [];

  begins(opening: MessageOpening): Beginning {
    return this.begin(opening);
  }

  opened(): void {
    this.#tell('opened');
  }

  message(message: IncomingMessage): void {
    this.messages.push(message);
    this.answer(message);
    this.#tell(`message ${message.body.length > 60 ? message.body.length : message.body.toString()}`);
  }

  nickname(request: NicknameRequest): void {
    this.nicknames.push(request);
    request.respond(200);
    this.#tell(`nickname ${request.value}`);
  }

  report(report: IncomingReport): void {
    this.reports.push(report);
    this.#tell(`report ${report.status}`);
  }

  congestion(congested: boolean): void {
    this.#tell(congested ? 'congested' : 'clear');
  }

  closed(reason: string): void {
    this.#tell(`closed ${reason}`);
  }

  /** Waits until something was told. */
  async until(what: string, times = 1): Promise<void> {
    while (this.told.filter((told) => told === what).length < times) {
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  #tell(what: string): void {
    this.told.push(what);
    for (const wake of this.#wake.splice(0)) wake();
  }
}

/** Keeps what the parser says, body pieces joined. */
export class Transcript implements FrameSink {
  readonly frames: { head: MsrpHead; body: Buffer; flag: ContinuationFlag | undefined }[] = [];
  error: MsrpSyntaxError | undefined;
  #pieces: Buffer[] = [];

  head(head: MsrpHead): void {
    this.frames.push({ head, body: Buffer.alloc(0), flag: undefined });
    this.#pieces = [];
  }

  body(bytes: Buffer, from: number, to: number): void {
    this.#pieces.push(Buffer.from(bytes.subarray(from, to)));
  }

  end(flag: ContinuationFlag): void {
    const last = this.frames.at(-1);
    if (!last) throw new Error('an end without a head');
    last.body = Buffer.concat(this.#pieces);
    last.flag = flag;
  }

  failed(error: MsrpSyntaxError): void {
    this.error = error;
  }

  /** Everything as plain values, for comparing. */
  get plain(): unknown {
    return {
      frames: this.frames.map(({ head, body, flag }) => ({
        head: Object.entries(head),
        body: body.toString('latin1'),
        flag,
      })),
      error: this.error?.message,
    };
  }
}
