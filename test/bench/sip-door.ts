/** Many participants come in through one SIP connection, at little cost: INVITE, 200 and ACK, and nothing after it. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Whom a call came from, and the path that the answer gave it. */
type Answered = (path: string) => void;

const ROOM = 'sip:lobby@chat.example.com';

export class SipDoor {
  readonly #socket: Socket;
  readonly #local: string;
  readonly #calls = new Map<string, Answered>();
  #text = '';

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#local = `127.0.0.1:${socket.localPort}`;
    socket.setEncoding('latin1').on('data', (text: string) => this.#takeIn(text));
    socket.on('error', () => {});
  }

  static async open(to: { readonly host: string; readonly port: number }): Promise<SipDoor> {
    const socket = connect({ ...to, noDelay: true });
    await once(socket, 'connect');
    return new SipDoor(socket);
  }

  /** Calls the room as `user`, whose MSRP path is `path`; the path of the room for it. */
  enters(user: string, path: string): Promise<string> {
    const sdp = [
      'v=0',
      `o=- 1 1 IN IP4 127.0.0.1`,
      's=-',
      'c=IN IP4 127.0.0.1',
      't=0 0',
      'm=message 9 TCP/MSRP *',
      'a=accept-types:message/cpim',
      'a=accept-wrapped-types:text/plain image/png',
      'a=chatroom:nickname private-messages',
      'a=setup:active',
      `a=path:${path}`,
      '',
    ].join('\r\n');
    const type = 'Content-Type: application/sdp\r\n';
    this.#socket.write(this.#request('INVITE', user, `<${ROOM}>`, ROOM, type, sdp));
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${user} got no answer to its INVITE`)), 60_000);
      this.#calls.set(user, (answer) => {
        clearTimeout(late);
        if (answer === '') reject(new Error(`${user} was refused`));
        else resolve(answer);
      });
    });
  }

  leaves(): void {
    this.#socket.destroy();
  }

  #request(method: string, user: string, to: string, uri: string, headers = '', body = ''): string {
    return (
      `${method} ${uri} SIP/2.0\r\nVia: SIP/2.0/TCP ${this.#local};branch=z9hG4bK${user}${method}\r\n` +
      `Max-Forwards: 70\r\nFrom: <sip:${user}@users.test>;tag=${user}\r\nTo: ${to}\r\nCall-ID: ${user}\r\n` +
      `CSeq: 1 ${method}\r\nContact: <sip:${user}@${this.#local};transport=tcp>\r\n${headers}` +
      `Content-Length: ${body.length}\r\n\r\n${body}`
    );
  }

  #takeIn(text: string): void {
    this.#text += text;
    for (;;) {
      const end = this.#text.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = this.#text.slice(0, end + 2);
      const length = Number(header(head, 'Content-Length') ?? 0);
      if (this.#text.length < end + 4 + length) return;
      const body = this.#text.slice(end + 4, end + 4 + length);
      this.#text = this.#text.slice(end + 4 + length);
      this.#answered(head, body);
    }
  }

  #answered(head: string, body: string): void {
    const status = Number(/^SIP\/2\.0 (\d{3})/.exec(head)?.[1] ?? 0);
    const user = header(head, 'Call-ID') ?? '';
    const call = this.#calls.get(user);
    if (status < 200 || !call) return;
    this.#calls.delete(user);
    if (status < 300) {
      const contact = /<([^>]+)>/.exec(header(head, 'Contact') ?? '')?.[1] ?? ROOM;
      this.#socket.write(this.#request('ACK', user, header(head, 'To') ?? '', contact));
    }
    call(status < 300 ? (/^a=path:(\S+)/m.exec(body)?.[1] ?? '') : '');
  }
}

function header(head: string, name: string): string | undefined {
  return new RegExp(`^${name}:\\s*(.*?)\\r$`, 'im').exec(head)?.[1];
}
