/** Binding, refusing and closing, byte for byte. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { silentLog } from '../../src/common/log.ts';
import { MsrpEndpoint } from '../../src/msrp/index.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { Listener } from './events.ts';
import { frame, pipe, RawPeer, settle } from './pipe.ts';
import { EMPTY, opened, PEER, scene, statuses } from './scene.ts';

test('wire: the first empty SEND is answered before anything of ours goes out', async () => {
  const { peer, session, paths, response, listener } = scene();
  session.send({ contentType: 'text/plain', body: Buffer.from('early') });
  assert.equal(await peer.hears(), '');
  assert.equal(session.state, 'waiting');
  assert.ok(session.queuedBytes > 0);
  const text = await peer.says(frame('bind0001', 'SEND', [...paths, ...EMPTY]));
  assert.ok(text.startsWith(response('bind0001', '200 OK') + 'MSRP '));
  assert.match(text, /\r\n\r\nearly\r\n-------[0-9a-f]{16}\$\r\n$/);
  assert.deepEqual(listener.told, ['opened']);
});

test('wire: where the first SEND has a body nothing goes out before its answer either', async () => {
  const { peer, session, paths, listener } = scene();
  listener.answer = () => {};
  session.send({ contentType: 'text/plain', body: Buffer.from('early') });
  const body = ['Message-ID: m1mm', 'Content-Type: text/plain'];
  assert.equal(await peer.says(frame('bind0001', 'SEND', [...paths, ...body], 'hi')), '');
  assert.deepEqual(listener.told, ['opened', 'message hi']);
  listener.messages[0]?.respond(200);
  assert.deepEqual(statuses(await peer.hears()), ['200', 'SEND']);
});

test('wire: the bytes of the real client', async () => {
  const { peer, session, listener } = await opened();
  const real = (name: string) => {
    const text = readFileSync(new URL(`../torture/msrp/${name}.msrp`, import.meta.url), 'latin1');
    return text
      .replace(/^To-Path: .*$/m, `To-Path: ${session.path}\r`)
      .replace(/^From-Path: .*$/m, `From-Path: ${PEER}\r`);
  };
  assert.deepEqual(statuses(await peer.says(real('real-keep-alive'))), ['200']);
  assert.deepEqual(statuses(await peer.says(real('real-first-empty-send'))), ['200']);
  assert.deepEqual(statuses(await peer.says(real('real-cpim-bare-lf'))), ['200']);
  assert.deepEqual(statuses(await peer.says(real('real-byte-range-in-characters'))), ['200']);
  assert.deepEqual(statuses(await peer.says(real('real-iscomposing-no-no'))), []);
  assert.deepEqual(statuses(await peer.says(real('real-nickname-raw-utf8'))), ['200']);
  assert.deepEqual(statuses(await peer.says(real('real-report-range-beyond-total'))), []);
  assert.equal(listener.nicknames[0]?.value, 'Ali é');
  assert.equal(listener.messages.length, 3);
  assert.equal(listener.messages[1]?.body.length, 210);
  assert.deepEqual(
    listener.messages.map((message) => message.wantsSuccessReport),
    [true, true, false],
  );
  listener.messages[1]?.report(200);
  assert.match(
    await peer.hears(),
    /REPORT[^]*Message-ID: f1165a8cf68e8773\r\nByte-Range: 1-210\/210\r\nStatus: 000 200 OK\r\n-------/,
  );
  assert.equal(listener.reports[0]?.messageId, 'f1165a8cf68e8773');
});

test('wire: a long message with an open range is one message', async () => {
  const { peer, paths, listener } = await opened({ maxMessageBytes: 10_000 });
  const headers = [...paths, 'Byte-Range: 1-*/3238', 'Message-ID: long', 'Content-Type: message/cpim'];
  assert.deepEqual(statuses(await peer.says(frame('long0001', 'SEND', headers, 'x'.repeat(3238)))), ['200']);
  assert.equal(listener.messages[0]?.body.length, 3238);
});

test('checklist 25: an unknown To-Path is answered 481 From the path that it used', async () => {
  const { peer } = scene();
  const to = 'msrp://127.0.0.1:44923/unknown;tcp';
  const from = 'msrp://relay.example:1/r;tcp msrp://c:2/d;tcp';
  assert.equal(
    await peer.says(frame('lost0001', 'SEND', [`To-Path: ${to}`, `From-Path: ${from}`, ...EMPTY])),
    frame('lost0001', '481 No Such Session', ['To-Path: msrp://relay.example:1/r;tcp', `From-Path: ${to}`]),
  );
});

const SPELLINGS: readonly [host: string, found: boolean, respell: (path: string) => string][] = [
  ['127.0.0.1', true, (path) => path.replace('msrp:', 'MSRP:').replace(';tcp', ';TCP')],
  ['127.0.0.1', true, (path) => `${path.replace('//', '//somebody@')};a=b`],
  ['127.0.0.1', false, (path) => path.replace(/.(?=;tcp)/, '=')],
  ['127.0.0.1', false, (path) => path.replace('44923', '44924')],
  [
    '127.0.0.1',
    false,
    (path) => `msrp://${path.slice('msrp://'.length, -';tcp'.length).replaceAll('/', '%2f')};tcp`,
  ],
  [
    '127.0.0.1',
    false,
    (path) =>
      `msrp://${path.slice('msrp://'.length, -';tcp'.length).replace(/[:/]/g, (at) => `%${at.charCodeAt(0).toString(16)}`)};tcp`,
  ],
  ['Chat.Example.ORG', true, (path) => path],
  ['Chat.Example.ORG', true, (path) => path.replace('Chat.Example.ORG', 'chat.example.org')],
  ['Chat.Example.ORG', true, (path) => path.replace('Chat', 'ch%61t')],
  ['2001:db8::1', true, (path) => path],
  ['2001:db8::1', true, (path) => path.replace('2001:db8::1', '2001:0DB8:0::1')],
  ['2001:db8::1', false, (path) => path.replace('2001:db8::1', '2001:db8::2')],
];

for (const [host, found, respell] of SPELLINGS) {
  test(`checklist 25: a session at ${host} is ${found ? '' : 'not '}found by ${respell(`msrp://${host}:44923/s;tcp`)}`, async () => {
    const { endpoint, peer, dial } = scene();
    const handler = new Listener();
    const session = endpoint.openSession({ host, port: 44923, handler, accepts: () => true });
    const headers = [`To-Path: ${respell(session.path)}`, `From-Path: ${PEER}`, ...EMPTY];
    assert.deepEqual(statuses(await peer.says(frame('first001', 'SEND', headers))), [found ? '200' : '481']);
    assert.deepEqual(handler.told, found ? ['opened'] : []);
    session.close();
    assert.deepEqual(statuses(await dial().says(frame('later001', 'SEND', headers))), ['481']);
  });
}

test('checklist 25: a second connection that claims a bound session gets 506, and the first goes on', async () => {
  const { dial, peer, paths, listener } = await opened();
  const thief = dial();
  assert.deepEqual(statuses(await thief.says(frame('steal001', 'SEND', [...paths, ...EMPTY]))), ['506']);
  assert.deepEqual(statuses(await peer.says(frame('again001', 'SEND', [...paths, ...EMPTY]))), ['200']);
  assert.deepEqual(listener.told, ['opened']);
});

test('checklist 26: a From-Path that is not the peer’s is answered 481 and binds nothing', async () => {
  const { peer, session, paths, listener } = scene();
  const [to = ''] = paths;
  const foreign = [to, 'From-Path: msrp://192.0.2.2:2855/somebody;tcp', ...EMPTY];
  assert.deepEqual(statuses(await peer.says(frame('wrong001', 'SEND', foreign))), ['481']);
  assert.equal(session.state, 'waiting');
  const spelled = [to, 'From-Path: MSRP://192.0.2.2:2855/3debfcf0c6eefb271f5c;TCP', ...EMPTY];
  assert.deepEqual(statuses(await peer.says(frame('right001', 'SEND', spelled))), ['200']);
  assert.deepEqual(listener.told, ['opened']);
});

test('checklist 8, 34: a peer behind relays is known by the last URI of its From-Path', async () => {
  const relay = 'msrp://relay.example:2855/x;tcp';
  const { peer, session, paths } = scene({ peer: `${relay} ${PEER}` });
  const headers = [paths[0] ?? '', `From-Path: ${relay} ${PEER}`, ...EMPTY];
  const text = await peer.says(frame('relay001', 'SEND', headers));
  assert.match(text, new RegExp(`^MSRP relay001 200 OK\r\nTo-Path: ${relay}\r\n`));
  session.send({ contentType: 'text/plain', body: Buffer.from('x') });
  assert.match(await peer.hears(), new RegExp(`To-Path: ${relay} ${PEER}\r\n`));
});

test('checklist 38: an unknown method is answered 501', async () => {
  const { peer, paths } = await opened();
  assert.deepEqual(statuses(await peer.says(frame('what0001', 'WHATEVER', paths))), ['501']);
  assert.deepEqual(statuses(await peer.says(frame('auth0001', 'AUTH', paths, 'body'))), ['501']);
});

test('checklist 37: a REPORT is never answered, whatever it is about', async () => {
  const { peer, paths, listener } = await opened();
  const report = ['Message-ID: nobody', 'Byte-Range: 1-5/5', 'Status: 000 200 OK'];
  assert.equal(await peer.says(frame('repo0001', 'REPORT', [...paths, ...report])), '');
  assert.equal(
    await peer.says(frame('repo0002', 'REPORT', ['To-Path: msrp://h:1/none;tcp', paths[1] ?? '', ...report])),
    '',
  );
  assert.equal(await peer.says(frame('repo0003', 'REPORT', [...paths, 'Status: 001 200 OK'])), '');
  assert.equal(listener.reports.length, 1);
});

test('what is no MSRP is answered 400 where that is possible, and the connection ends with its sessions', async () => {
  const { peer, paths, listener, endpoint } = await opened();
  const text = await peer.says(`MSRP broken01 SEND\r\n${paths.join('\r\n')}\r\nno header at all\r\n\r\n`);
  assert.deepEqual(statuses(text), ['400']);
  assert.equal(peer.closed, true);
  assert.deepEqual(listener.told, ['opened', 'closed connection-lost']);
  endpoint.close();
});

test('what is no MSRP at all only ends the connection', async () => {
  const { peer } = scene();
  assert.equal(await peer.says('GET / HTTP/1.1\r\n\r\n'), '');
  assert.equal(peer.closed, true);
});

test('a session that nobody binds is closed after 30 s; setPeer starts the time anew', async () => {
  const { clock, listener, session } = scene();
  clock.advance(20_000);
  session.setPeer({ path: [PEER] });
  clock.advance(29_999);
  assert.deepEqual(listener.told, []);
  clock.advance(1);
  assert.deepEqual(listener.told, ['closed never-connected']);
  assert.equal(session.state, 'closed');
});

test('a connection without a session is closed after 30 s, one with a session never', async () => {
  const { clock, peer, dial } = await opened();
  const idle = dial();
  clock.advance(3_600_000);
  await settle();
  assert.equal(idle.closed, true);
  assert.equal(peer.closed, false);
});

test('checklist 65: of too many idle connections the oldest goes', async () => {
  const { peer, dial } = scene({ maxIdleConnections: 2 });
  const [second, third] = [dial(), dial()];
  await settle();
  assert.deepEqual([peer.closed, second.closed, third.closed], [true, false, false]);
});

test('checklist 42: the connection closes when its last session is gone and everything is sent', async () => {
  const { clock, peer, session, listener, endpoint } = await opened();
  session.send({ contentType: 'text/plain', body: Buffer.from('bye') });
  session.close();
  session.close();
  assert.deepEqual(listener.told, ['opened', 'closed ended']);
  assert.match(await peer.hears(), /\r\nbye\r\n/);
  // The peer may close first; then it is our turn.
  clock.advance(999);
  await peer.hears();
  assert.equal(peer.closed, false);
  clock.advance(1);
  await peer.hears();
  assert.equal(peer.closed, true);
  assert.equal(clock.pending, 0);
  endpoint.close();
});

test('a request for a session that was closed is answered 481', async () => {
  const { endpoint, peer, paths, session } = await opened();
  const other = new Listener();
  const second = endpoint.openSession({ host: 'h', port: 1, handler: other, accepts: () => true });
  await peer.says(frame('bind0002', 'SEND', [`To-Path: ${second.path}`, paths[1] ?? '', ...EMPTY]));
  session.close();
  assert.deepEqual(statuses(await peer.says(frame('late0001', 'SEND', [...paths, ...EMPTY]))), ['481']);
  assert.equal(second.state, 'open');
});

test('checklist 7: paths cannot be guessed, and IPv6 stands in brackets', () => {
  const { endpoint } = scene();
  const options = { port: 2855, handler: new Listener(), accepts: () => true };
  const one = endpoint.openSession({ host: '2001:db8::1', ...options }).path;
  const two = endpoint.openSession({
    host: '2001:db8::1',
    ...options,
    scheme: 'msrps',
    transport: 'ws',
  }).path;
  assert.match(one, /^msrp:\/\/\[2001:db8::1\]:2855\/[\w-]{20};tcp$/);
  assert.match(two, /^msrps:\/\/\[2001:db8::1\]:2855\/[\w-]{20};ws$/);
  assert.notEqual(one.slice(27, 40), two.slice(28, 41));
  endpoint.close();
});

test('the active end sends an empty SEND at once, and the rest when that is answered', async () => {
  const clock = new FakeClock();
  const [end, other] = pipe();
  const dials: number[] = [];
  const dial = async (uri: { port?: number }) => {
    dials.push(uri.port ?? 0);
    return end;
  };
  const endpoint = new MsrpEndpoint({ clock, log: silentLog, maxMessageBytes: 1000, dial });
  const listener = new Listener();
  const session = endpoint.openSession({ host: 'h', port: 9, handler: listener, accepts: () => true });
  session.setPeer({ path: [PEER] });
  session.connect();
  session.send({ contentType: 'text/plain', body: Buffer.from('later') });
  const peer = new RawPeer(other);
  const first = await peer.hears();
  const [, id = ''] = /^MSRP (\S+) SEND\r\n/.exec(first) ?? [];
  assert.match(first, /Byte-Range: 1-0\/0\r\n-------[0-9a-f]+\$\r\n$/);
  assert.deepEqual([listener.told, session.state], [[], 'waiting']);
  const text = await peer.says(frame(id, '200 OK', [`To-Path: ${session.path}`, `From-Path: ${PEER}`]));
  assert.match(text, /later/);
  assert.deepEqual([listener.told, dials], [['opened'], [2855]]);
});

test('the active end whose first SEND is never answered', async () => {
  const clock = new FakeClock();
  const [end] = pipe();
  const endpoint = new MsrpEndpoint({ clock, log: silentLog, maxMessageBytes: 1000, dial: async () => end });
  const listener = new Listener();
  const session = endpoint.openSession({ host: 'h', port: 9, handler: listener, accepts: () => true });
  session.setPeer({ path: [PEER] });
  session.connect();
  await settle();
  clock.advance(30_000);
  assert.deepEqual(listener.told, ['closed never-connected']);
  await settle();
  assert.equal(end.open, false);
  assert.equal(clock.pending, 0);
});

test('a handler that throws ends its connection, not the program', async () => {
  const { peer, paths, listener } = await opened();
  listener.answer = () => {
    throw new Error('a fault of ours');
  };
  await peer.says(
    frame('fault001', 'SEND', [...paths, 'Message-ID: m1mm', 'Content-Type: text/plain'], 'hi'),
  );
  assert.equal(peer.closed, true);
  assert.equal(listener.told.at(-1), 'closed connection-lost');
});

test("a path with an address that has a zone in it, escaped, is answered like any other and ends nobody's connection", async () => {
  const { peer, session, paths } = await opened();
  const zone = 'msrp://fe80%3a%3a1%25eth0:2855';
  const unknown = [`To-Path: ${zone}/none;tcp`, `From-Path: ${PEER}`, ...EMPTY];
  assert.deepEqual(statuses(await peer.says(frame('zone0001', 'SEND', unknown))), ['481']);
  const stranger = [`To-Path: ${session.path}`, `From-Path: ${zone}/3debfcf0c6eefb271f5c;tcp`, ...EMPTY];
  assert.deepEqual(statuses(await peer.says(frame('zone0002', 'SEND', stranger))), ['481']);
  assert.deepEqual(statuses(await peer.says(frame('zone0003', 'SEND', [...paths, ...EMPTY]))), ['200']);
});
