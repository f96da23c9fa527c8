/**
 * What a switch in Node can do at best, to measure ours beside it: no sessions, no rooms and no CPIM. Who sends a SEND with
 * a body gets a 200, and all others get a frame that was built once for each of them. A process of its own: the argument
 * says how it writes, and its port comes as a message. `single`: a write for each frame. `joined`: what is due for a
 * connection in one turn of the event loop leaves in one write.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { argv } from 'node:process';
import { okTo, pathLines, sendFrame, wrapped } from './frames.ts';

interface Member {
  readonly socket: Socket;
  /** To it and from us; empty before its first SEND. */
  paths: string;
  /** What it gets for every message. */
  text: string;
  bytes: Buffer;
  /** What is due for it; only where writes are joined. */
  due: string;
  /** The beginning of a frame of which the rest has not come. */
  rest: Buffer;
}

/** Transaction ids of the bench have 16 characters and stand behind `MSRP `. */
const ID_AT = 5;
const ID_END = 21;
/** Dashes, transaction id, flag and CRLF. */
const END_LINE = 26;
const ID = '0123456789abcdef';
const EMPTY = Buffer.alloc(0);

const joined = argv[2] === 'joined';
const members: Member[] = [];
let due: Member[] = [];

const server = createServer({ noDelay: true }, (socket) => {
  const member: Member = { socket, paths: '', text: '', bytes: EMPTY, due: '', rest: EMPTY };
  members.push(member);
  socket.on('data', (bytes: Buffer) => takeIn(member, bytes));
  socket.on('error', () => {});
});
server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => {
  process.send?.((server.address() as AddressInfo).port);
});

/** Looks for end-lines and for nothing else. */
function takeIn(member: Member, chunk: Buffer): void {
  const bytes = member.rest.length > 0 ? Buffer.concat([member.rest, chunk]) : chunk;
  let at = 0;
  while (bytes.length >= at + ID_END) {
    const id = bytes.toString('latin1', at + ID_AT, at + ID_END);
    const end = bytes.indexOf(`-------${id}`, at + ID_END, 'latin1');
    if (end < 0 || end + END_LINE > bytes.length) break;
    if (member.paths === '') greeted(member, bytes.toString('latin1', at, end));
    else for (const other of members) if (other !== member) deliver(other);
    const ok = okTo(id, member.paths);
    if (joined) write(member, ok);
    else member.socket.write(ok, 'latin1');
    at = end + END_LINE;
  }
  member.rest = bytes.subarray(at);
}

function greeted(member: Member, frame: string): void {
  const [, to = '', from = ''] = /\r\nTo-Path: (.*)\r\nFrom-Path: (.*)\r\n/.exec(frame) ?? [];
  member.paths = pathLines(from, to);
  const copy = sendFrame(ID, member.paths, wrapped('user0', 'text'), 'Failure-Report: partial\r\n');
  member.bytes = Buffer.from(copy, 'latin1');
  member.text = member.bytes.toString('latin1');
}

function deliver(member: Member): void {
  if (joined) write(member, member.text);
  else member.socket.write(member.bytes);
}

function write(member: Member, text: string): void {
  if (member.due === '') {
    if (due.length === 0) setImmediate(flush);
    due.push(member);
  }
  member.due += text;
}

function flush(): void {
  const now = due;
  due = [];
  for (const member of now) {
    const text = member.due;
    member.due = '';
    member.socket.write(text, 'latin1');
  }
}
