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
/** Connections of the talk; what comes over them is read in pieces of some frames. */
const TALKERS = 20;
const TALK_READ = 2048;
const DASHES = '\r\n-------';

export const PARSE_NOTE = `\
${FRAMES} SENDs with wrapped texts, in pieces of 64 KiB, the median of ${ROUNDS} rounds in which the ways take turns. "scan": Buffer.indexOf of
CRLF and seven dashes, and nothing else. "heads": our parser, which tells each head, body and end. "heads and CPIM": the
wrapper read and its text decoded as well. "talk": the same of ${TALKERS} connections in turns, each with a sender of its own, a new DateTime
in each wrapper and some texts in UTF-8. Seconds are of CPU time. "x scan": frames a second divided by those of the scan.`;

/** What comes over one of several connections. */
interface Piece {
  readonly connection: number;
  readonly bytes: Buffer;
}

/** Frames to be read again and again. */
interface Corpus {
  readonly pieces: readonly Piece[];
  readonly frames: number;
  readonly bytes: number;
}

/** Reads all pieces and gives the number of frames. */
type Way = (pieces: readonly Piece[]) => number;

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

function scan(pieces: readonly Piece[]): number {
  let frames = 0;
  for (const { bytes } of pieces) {
    for (
      let at = bytes.indexOf(DASHES, 0, 'latin1');
      at >= 0;
      at = bytes.indexOf(DASHES, at + DASHES.length, 'latin1')
    ) {
      frames += 1;
    }
  }
  return frames;
}

function reading(newSink: () => Counter): Way {
  return (pieces) => {
    const sinks: Counter[] = [];
    const parsers: MsrpParser[] = [];
    for (const { connection, bytes } of pieces) {
      const sink = (sinks[connection] ??= newSink());
      (parsers[connection] ??= new MsrpParser(sink)).push(bytes);
    }
    return sinks.reduce((sum, { frames }) => sum + frames, 0);
  };
}

const heads = reading(() => new Counter());
const headsAndCpim = reading(() => new Reader());

/** A row for each way. */
export function parse(count = FRAMES): Promise<Row[]> {
  const one = corpusOf([usual(count)], READ);
  const talk = corpusOf(
    Array.from({ length: TALKERS }, (_, talker) => talked(talker, Math.ceil(count / TALKERS))),
    TALK_READ,
  );
  const rows = [
    ...compared(one, { scan, heads, 'heads and CPIM': headsAndCpim }),
    ...compared(talk, { 'talk: scan': scan, 'talk: heads and CPIM': headsAndCpim }),
  ];
  return Promise.resolve(rows);
}

/** The first way is the one that the others are compared with. */
function compared({ pieces, frames, bytes }: Corpus, ways: Readonly<Record<string, Way>>): Row[] {
  const times = new Map(Object.keys(ways).map((name) => [name, [] as number[]]));
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    for (const [name, way] of Object.entries(ways)) {
      const before = process.cpuUsage();
      const found = way(pieces);
      // Of the CPU, garbage collection with it: on a busy machine the clock says more of others than of the parser.
      const { user, system } = process.cpuUsage(before);
      // The scan does not find what stands across two pieces.
      if (way !== scan && found !== frames) throw new Error(`${name} found ${found} frames of ${frames}`);
      if (round >= 0) times.get(name)?.push((user + system) / 1e6);
    }
  }
  const secondsOf = (name: string): number => median(times.get(name) ?? []);
  const [first = ''] = Object.keys(ways);
  return Object.keys(ways).map((name) => ({
    way: name,
    'bytes a frame': Math.round(bytes / frames),
    'frames/s': Math.round(frames / secondsOf(name)),
    'MB/s': Math.round(bytes / 1e6 / secondsOf(name)),
    'x scan': Math.round((secondsOf(first) / secondsOf(name)) * 100) / 100,
  }));
}

/** What each connection brings, in pieces and in turns. */
function corpusOf(connections: readonly (readonly string[])[], read: number): Corpus {
  const streams = connections.map((frames) => Buffer.from(frames.join(''), 'latin1'));
  const longest = Math.max(...streams.map(({ length }) => length));
  const pieces: Piece[] = [];
  for (let at = 0; at < longest; at += read) {
    for (const [connection, stream] of streams.entries()) {
      if (at < stream.length) pieces.push({ connection, bytes: Buffer.from(stream.subarray(at, at + read)) });
    }
  }
  return {
    pieces,
    frames: connections.reduce((sum, { length }) => sum + length, 0),
    bytes: streams.reduce((sum, { length }) => sum + length, 0),
  };
}

function usual(count: number): string[] {
  const paths = pathsOf('p0001');
  return Array.from({ length: count }, () => {
    const id = nextId();
    return sendFrame(id, paths, wrapped('p0001', `This is what message ${id} says. `));
  });
}

function talked(talker: number, count: number): string[] {
  const user = `p${String(talker).padStart(4, '0')}`;
  const paths = pathsOf(user);
  return Array.from({ length: count }, (_, at) => {
    const id = nextId();
    const date = new Date(Date.UTC(2026, 10, 26) + (at * TALKERS + talker) * 1000).toISOString();
    const text = at % 4 === 0 ? `Größe ${id}, naïve café. ` : `This is what message ${id} says. `;
    const bytes = Buffer.from(wrapped(user, text, `DateTime: ${date}\r\n`)).toString('latin1');
    return sendFrame(id, paths, bytes);
  });
}

function pathsOf(user: string): string {
  return pathLines('msrp://127.0.0.1:2855/0123456789abcdefghij;tcp', `msrp://127.0.0.1:28550/${user};tcp`);
}
