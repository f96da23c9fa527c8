/** One port for plain connections and TLS. The TLS clients are Node's own. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { test, type TestContext } from 'node:test';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import fc from 'fast-check';
import type { Clock } from '../../src/common/clock.ts';
import type { Connection } from '../../src/transport/connection.ts';
import { listenAtDoor } from '../../src/transport/doors.ts';
import { Guests } from '../../src/transport/guests.ts';
import { dialTls, type TlsListener } from '../../src/transport/tls.ts';
import { makeCertificate } from '../support/certificate.ts';
import { FakeClock } from '../support/fake-clock.ts';

const own = makeCertificate();
const other = makeCertificate();

interface Door {
  readonly listener: TlsListener;
  readonly clock: FakeClock;
  readonly taken: Connection[];
}

/** Echoes what it hears, behind a word that says how it came. */
async function door(
  t: TestContext,
  { speaks = 'both' as 'tls' | 'both', guests = new Guests(100) } = {},
): Promise<Door> {
  const clock = new FakeClock();
  const taken: Connection[] = [];
  const options = {
    clock: clock as Clock,
    certificate: own,
    asksCertificate: true,
    speaks,
    guests,
    silenceMs: 5000,
  };
  const listener = await listenAtDoor({ host: '127.0.0.1', port: 0 }, options, (connection) => {
    taken.push(connection);
    connection.write(connection.secured ? 'tls ' : 'plain ');
    connection.handle({ data: (bytes) => connection.write(bytes), drained: () => {}, closed: () => {} });
  });
  t.after(() => {
    for (const connection of taken) connection.destroy();
    return listener.close();
  });
  return { listener, clock, taken };
}

/** Bytes written go out in pieces of these lengths, over and over, each in a turn of its own. */
class Cut extends Duplex {
  readonly #socket: Socket;
  readonly #lengths: readonly number[];
  #at = 0;

  constructor(socket: Socket, lengths: readonly number[]) {
    super();
    this.#socket = socket;
    this.#lengths = lengths;
    socket.setNoDelay();
    socket.on('data', (bytes: Buffer) => this.push(bytes));
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
  }

  override _read(): void {}

  override _write(bytes: Buffer, _: BufferEncoding, done: () => void): void {
    const length = this.#lengths[this.#at++ % this.#lengths.length] ?? 1;
    this.#socket.write(bytes.subarray(0, length));
    if (length >= bytes.length) setImmediate(done);
    else setImmediate(() => this._write(bytes.subarray(length), _, done));
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }
}

function hears(stream: Duplex, text: string): Promise<void> {
  let heard = '';
  return new Promise((resolve, reject) => {
    const data = (bytes: Buffer): void => {
      heard += String(bytes);
      if (heard.length < text.length) return;
      stream.off('data', data).off('error', reject);
      if (heard === text) resolve();
      else reject(new Error(`heard ${heard}`));
    };
    stream.on('data', data).on('error', reject);
  });
}

const lengths = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 6 });

test('law: TLS and plain text are told apart wherever their bytes are cut', async (t) => {
  const { listener } = await door(t);
  const { port } = listener.address;
  await fc.assert(
    fc.asyncProperty(lengths, fc.boolean(), async (pieces, secure) => {
      const raw = connectTcp(port, '127.0.0.1');
      await once(raw, 'connect');
      const cut = new Cut(raw, [1, ...pieces]);
      const end = secure ? connectTls({ socket: cut, ca: own.cert, servername: 'localhost' }) : cut;
      const text = 'MSRP 1 SEND '.repeat(40);
      end.write(text);
      await hears(end, `${secure ? 'tls' : 'plain'} ${text}`);
      end.destroy();
      raw.destroy();
    }),
    { numRuns: 40 },
  );
});

test('the certificate of a newcomer is seen, also when it resumes a session; who has none comes in too', async (t) => {
  const { listener, taken } = await door(t);
  const { port } = listener.address;
  const seen = async (options: ConnectionOptions): Promise<Buffer | undefined> => {
    const socket = connectTls({ port, ca: own.cert, ...options });
    let session: Buffer | undefined;
    socket.on('session', (ticket: Buffer) => (session = ticket));
    socket.write('hello');
    await hears(socket, 'tls hello');
    socket.end();
    await once(socket, 'close');
    return session;
  };
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    const session = await seen({ ...other, maxVersion });
    assert.ok(session);
    await seen({ maxVersion, session });
    await seen({ maxVersion });
  }
  const shown = taken.map(({ secured }) => secured?.peerCertificate !== undefined);
  assert.deepEqual(shown, [true, true, false, true, true, false]);
});

test('who says nothing is closed when its time is over, and so is who breaks off its handshake', async (t) => {
  const { listener, clock } = await door(t);
  const silent = connectTcp(listener.address.port, '127.0.0.1');
  const gone = connectTcp(listener.address.port, '127.0.0.1');
  await Promise.all([once(silent, 'connect'), once(gone, 'connect')]);
  gone.write(Buffer.of(0x16, 3, 1, 0xff, 0xff));
  gone.resetAndDestroy();
  const plain = connectTcp(listener.address.port, '127.0.0.1');
  plain.write('x');
  await hears(plain, 'plain x');
  clock.advance(5000);
  await once(silent.resume(), 'close');
  plain.write('y');
  await hears(plain, 'y');
  plain.destroy();
});

test('TLS only: plain text is not taken', async (t) => {
  const { listener, taken } = await door(t, { speaks: 'tls' });
  const plain = connectTcp(listener.address.port, '127.0.0.1');
  plain.on('error', () => {});
  plain.write('MSRP 1 SEND\r\n');
  await once(plain.resume(), 'close');
  const socket = connectTls({ port: listener.address.port, ca: own.cert });
  socket.write('x');
  await hears(socket, 'tls x');
  socket.destroy();
  assert.equal(taken.length, 1);
});

test('TLS 1.1 is not taken; RFC 4975 section 14.2: TLS_RSA_WITH_AES_128_CBC_SHA is where the key is one of RSA', async (t) => {
  const { listener } = await door(t);
  const { port } = listener.address;
  const old = connectTls({ port, ca: own.cert, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' });
  const [error] = (await once(old, 'error')) as [Error];
  assert.match(error.message, /protocol|alert/i);
  listener.renew(makeCertificate('rsa:2048'));
  const rsa = connectTls({ port, rejectUnauthorized: false, ciphers: 'AES128-SHA', maxVersion: 'TLSv1.2' });
  await once(rsa, 'secureConnect');
  assert.equal(rsa.getCipher().standardName, 'TLS_RSA_WITH_AES_128_CBC_SHA');
  rsa.destroy();
});

test('checklist 65: of an address that has too many, the oldest that says nothing gives way', async (t) => {
  const guests = new Guests(2);
  const { listener, taken } = await door(t, { guests });
  const { port } = listener.address;
  const first = connectTcp(port, '127.0.0.1');
  const second = connectTcp(port, '127.0.0.1');
  await Promise.all([once(first, 'connect'), once(second, 'connect')]);
  const third = connectTcp(port, '127.0.0.1');
  third.write('x');
  await Promise.all([once(first.resume(), 'close'), hears(third, 'plain x')]);
  second.write('y');
  await hears(second, 'plain y');
  for (const connection of taken) guests.settled(connection);
  const fourth = connectTcp(port, '127.0.0.1');
  fourth.on('error', () => {});
  await once(fourth.resume(), 'close');
  for (const socket of [second, third]) socket.destroy();
});

test('dialled: an authority and the name must be right, or the dialler looks itself', async (t) => {
  const { listener, taken } = await door(t);
  const { port } = listener.address;
  const to = { host: '127.0.0.1', port };
  const dial = (ca: string, trust: 'authority' | 'fingerprint'): Promise<Connection> =>
    dialTls(to, { certificate: other, ca, trust });
  await assert.rejects(dial(other.cert, 'authority'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  for (const connection of [await dial(own.cert, 'authority'), await dial(other.cert, 'fingerprint')]) {
    const heard = new Promise<string>((resolve) => {
      connection.handle({ data: (bytes) => resolve(bytes.toString()), drained() {}, closed() {} });
    });
    assert.equal(await heard, 'tls ');
    assert.ok(connection.secured?.peerCertificate);
    connection.destroy();
  }
  assert.ok(taken.every(({ secured }) => secured?.peerCertificate));
});

test('a dialled listener that says nothing is given up', async (t) => {
  const { listener, taken } = await door(t);
  assert.equal(taken.length, 0);
  await assert.rejects(
    dialTls(
      { ...listener.address, host: '127.0.0.1' },
      { certificate: own, trust: 'authority', timeoutMs: 0 },
    ),
    /no answer/,
  );
});
