/** How fast MSRP is read, beside the least that any reader does: to look for the end-lines. All on the same bytes, in turns. */
import { parseCpim, readText } from '../../src/formats/cpim.ts';
import { type FrameSink, MsrpParser } from '../../src/msrp/parser.ts';
import { nextId, pathLines, sendFrame, wrapped } from './frames.ts';
import { median, type Row } from './table.ts';

const FRAMES = 20_000;
/** The bytes come in pieces of this size, as a socket gives them. */
const READ = 65_536;
const ROUNDS = 25;
/** Each way is run so often before it counts. */
const WARM_UP = 5;
const DASHES = '\r\n-------';

export const PARSE_NOTE = `\
${FRAMES} SENDs with wrapped texts, in pieces of 64 KiB, the median of ${ROUNDS} rounds in which the ways take turns. "scan": Buffer.indexOf of
CRLF and seven dashes, and nothing else. "heads": our parser, which tells each head, body and end. "heads and CPIM": the
wrapper read and its text decoded as well. Seconds are of CPU time. "x scan": frames a second divided by those of the scan.`;

/** Reads all pieces and gives the number of frames. */
type Way = (pieces: readonly Buffer[]) => number;

class Counter implements FrameSink {
  frames = 0;
  bytes = 0;

  head(): void {}
  body(_bytes: Buffer, from: number, to: number): void {
    this.bytes += to - from;
  }
  end(): void {
    this.frames += 1;
  }
  failed(error: Error): void {
    throw error;
  }
}

class Reader extends Counter {
  #body: Buffer | undefined;

  override body(bytes: Buffer, from: number, to: number): void {
    const piece = bytes.subarray(from, to);
    // A body that two pieces share comes in two.
    this.#body = this.#body ? Buffer.concat([this.#body, piece]) : piece;
  }

  override end(): void {
    if (this.#body) this.bytes += readText(parseCpim(this.#body)).length;
    this.#body = undefined;
    this.frames += 1;
  }
}

const WAYS: Readonly<Record<string, Way>> = {
  scan(pieces) {
    let frames = 0;
    for (const bytes of pieces) {
      for (
        let at = bytes.indexOf(DASHES, 0, 'latin1');
        at >= 0;
        at = bytes.indexOf(DASHES, at + DASHES.length, 'latin1')
      ) {
        frames += 1;
      }
    }
    return frames;
  },
  heads: (pieces) => parsed(new Counter(), pieces),
  'heads and CPIM': (pieces) => parsed(new Reader(), pieces),
};

function parsed(counter: Counter, pieces: readonly Buffer[]): number {
  const parser = new MsrpParser(counter);
  for (const bytes of pieces) parser.push(bytes);
  return counter.frames;
}

/** A row for each way. */
export function parse(count = FRAMES): Promise<Row[]> {
  const bytes = Buffer.from(frames(count).join(''), 'latin1');
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += READ) pieces.push(Buffer.from(bytes.subarray(at, at + READ)));
  const times = new Map(Object.keys(WAYS).map((name) => [name, [] as number[]]));
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    for (const [name, way] of Object.entries(WAYS)) {
      const before = process.cpuUsage();
      const found = way(pieces);
      // Of the CPU, garbage collection with it: on a busy machine the clock says more of others than of the parser.
      const { user, system } = process.cpuUsage(before);
      const seconds = (user + system) / 1e6;
      if (name !== 'scan' && found !== count) throw new Error(`${name} found ${found} frames of ${count}`);
      if (round >= 0) times.get(name)?.push(seconds);
    }
  }
  const secondsOf = (name: string): number => median(times.get(name) ?? []);
  const rows = Object.keys(WAYS).map((name) => ({
    way: name,
    'bytes a frame': Math.round(bytes.length / count),
    'frames/s': Math.round(count / secondsOf(name)),
    'MB/s': Math.round(bytes.length / 1e6 / secondsOf(name)),
    'x scan': Math.round((secondsOf('scan') / secondsOf(name)) * 100) / 100,
  }));
  return Promise.resolve(rows);
}

function frames(count: number): string[] {
  const from = 'msrp://127.0.0.1:28550/p0001;tcp';
  const paths = pathLines('msrp://127.0.0.1:2855/0123456789abcdefghij;tcp', from);
  return Array.from({ length: count }, () => {
    const id = nextId();
    return sendFrame(id, paths, wrapped('p0001', `This is what message ${id} says. `));
  });
}
