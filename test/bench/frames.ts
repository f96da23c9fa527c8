/** MSRP frames of the benches, as text of which each character is a byte. Identifiers are counters of a fixed width. */

/** The length of the text in a message, in bytes. */
const TEXT_BYTES = 120;
/** A transaction id stands behind `MSRP `. */
const ID_AT = 5;
const ID_END = 21;
/** Dashes, transaction id, flag and CRLF. */
const END_LINE = 26;
const ROOM = 'sip:lobby@chat.example.com';

let last = 0;

/** A new transaction id. All are of one length, so that frames can be counted by their bytes. */
export function nextId(): string {
  last += 1;
  return last.toString(16).padStart(16, '0');
}

/** The lines that name the two ends. */
export function pathLines(to: string, from: string): string {
  return `To-Path: ${to}\r\nFrom-Path: ${from}\r\n`;
}

/** A SEND without a body. */
export function greeting(id: string, paths: string): string {
  return `MSRP ${id} SEND\r\n${paths}Message-ID: ${id}\r\nByte-Range: 1-0/0\r\n-------${id}$\r\n`;
}

/** A SEND with a wrapped text. */
export function sendFrame(id: string, paths: string, cpim: string, reports = ''): string {
  const size = cpim.length;
  return (
    `MSRP ${id} SEND\r\n${paths}Message-ID: ${id}\r\nByte-Range: 1-${size}/${size}\r\n${reports}` +
    `Content-Type: message/cpim\r\n\r\n${cpim}\r\n-------${id}$\r\n`
  );
}

/** What stands before and behind the bytes of a wrapped image. */
export function imageFrame(id: string, paths: string, user: string, size: number): [string, string] {
  const cpim = `${addresses(user)}Content-Type: image/png\r\n\r\n`;
  const total = cpim.length + size;
  const head = `Message-ID: ${id}\r\nByte-Range: 1-*/${total}\r\nContent-Type: message/cpim\r\n\r\n`;
  return [`MSRP ${id} SEND\r\n${paths}${head}${cpim}`, `\r\n-------${id}$\r\n`];
}

/** The answer to a SEND. */
export function okTo(id: string, paths: string): string {
  return `MSRP ${id} 200 OK\r\n${paths}-------${id}$\r\n`;
}

/** A message/cpim with 120 characters of text from a user of the bench to its room. `more`: further headers, as lines. */
export function wrapped(user: string, text: string, more = ''): string {
  return `${addresses(user, more)}Content-Type: text/plain\r\n\r\n${text.padEnd(TEXT_BYTES, '.')}`;
}

function addresses(user: string, more = ''): string {
  return `From: <sip:${user}@users.test>\r\nTo: <${ROOM}>\r\n${more}\r\n`;
}

/** The transaction id of the frame that begins a text. All of the bench have 16 characters. */
export function idOf(frame: string): string {
  return frame.slice(ID_AT, ID_END);
}

/** Where the frame ends that begins the bytes; 0 where its end has not come. */
export function endOfFrame(bytes: Buffer): number {
  if (bytes.length < ID_END) return 0;
  const end = bytes.indexOf(`-------${bytes.toString('latin1', ID_AT, ID_END)}`, ID_END, 'latin1');
  return end < 0 || end + END_LINE > bytes.length ? 0 : end + END_LINE;
}
