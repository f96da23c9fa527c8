/**
 * The least that a bridge in Node does, to measure ours beside it: an IRC connection in one channel, and MSRP connections. A
 * line that comes is written as a SEND to each, and the text of a SEND as a line; no rooms, nobody's name, nothing confirmed.
 * A process of its own: the arguments are the IRC server's host, port and the channel, and its MSRP port comes as a message.
 */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { argv } from 'node:process';
import { endOfFrame, idOf, okTo, pathLines, sendFrame, wrapped } from './frames.ts';

const [, , host = '', port = '', channel = ''] = argv;
const LINE = ` PRIVMSG ${channel} :`;

/** To-Path and From-Path of each connection that has sent something. */
const members = new Map<Socket, string>();
let texts = 0;

const irc = connect({ host, port: Number(port), noDelay: true });
irc.write('NICK bare\r\nUSER bare 0 * :bare\r\n');
let unread = '';
irc.on('data', (bytes: Buffer) => {
  const lines = (unread + bytes.toString()).split('\r\n');
  unread = lines.pop() ?? '';
  for (const line of lines) hear(line);
});

function hear(line: string): void {
  if (line.startsWith('PING')) irc.write(`PONG${line.slice('PING'.length)}\r\n`);
  else if (line.includes(' 001 ')) irc.write(`JOIN ${channel}\r\n`);
  else if (line.includes(' 366 ')) server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, ready);
  const at = line.indexOf(LINE);
  if (at < 0) return;
  texts += 1;
  const id = texts.toString(16).padStart(16, '0');
  const cpim = wrapped('bare', line.slice(at + LINE.length));
  for (const [socket, paths] of members) socket.write(sendFrame(id, paths, cpim), 'latin1');
}

function ready(): void {
  process.send?.((server.address() as AddressInfo).port);
}

const server = createServer({ noDelay: true }, (socket) => {
  let rest = Buffer.alloc(0);
  socket.on('error', () => {});
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (let end = endOfFrame(rest); end > 0; end = endOfFrame(rest)) {
      take(socket, rest.toString('latin1', 0, end));
      rest = rest.subarray(end);
    }
  });
});

function take(socket: Socket, frame: string): void {
  const [, to = '', from = ''] = /\r\nTo-Path: (.*)\r\nFrom-Path: (.*)\r\n/.exec(frame) ?? [];
  const paths = pathLines(from, to);
  members.set(socket, paths);
  socket.write(okTo(idOf(frame), paths), 'latin1');
  const [, , text] = frame.split('\r\n\r\n');
  if (text !== undefined) irc.write(`PRIVMSG ${channel} :${text.slice(0, text.indexOf('\r\n'))}\r\n`);
}
