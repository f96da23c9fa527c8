/**
 * What a switch in Node can do at best, to measure ours beside it: no sessions, no rooms and no CPIM. Who sends a SEND with
 * a body gets a 200, and all others get a frame that was built once for each of them. A process of its own: the argument
 * says how it writes, and its port comes as a message. `single`: a write for each frame. `joined`: what is due for a
 * connection in one turn of the event loop leaves in one write.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { argv } from 'node:process';
import { endOfFrame, idOf, okTo, pathLines, sendFrame, wrapped } from './frames.ts';

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

const ID = '0123456789abcdef';
/** Bytes at the beginning of a frame in which its transaction id stands. */
const ID_LENGTH = 32;
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
  let bytes = member.rest.length > 0 ? Buffer.concat([member.rest, chunk]) : chunk;
  for (let end = endOfFrame(bytes); end > 0; end = endOfFrame(bytes)) {
    const id = idOf(bytes.toString('latin1', 0, ID_LENGTH));
    if (member.paths === '') greeted(member, bytes.toString('latin1', 0, end));
    else for (const other of members) if (other !== member) deliver(other);
    const ok = okTo(id, member.paths);
    if (joined) write(member, ok);
    else member.socket.write(ok, 'latin1');
    bytes = bytes.subarray(end);
  }
  member.rest = bytes;
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
