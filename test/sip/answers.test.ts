/** What the stack answers by itself. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../support/fake-clock.ts';
import { INFO, start } from './fixture.ts';
import { OFFER, Peer, type RequestParts, status, value } from './peer.ts';

const URI = 'sip:lobby@chat.example.org';
const INSIDE = { to: '<sip:lobby@x>;tag=none' };
const ALLOW = 'INVITE, ACK, CANCEL, BYE, OPTIONS, SUBSCRIBE, NOTIFY';

interface Row {
  readonly about: string;
  readonly method: string;
  readonly uri?: string;
  readonly parts?: RequestParts;
  readonly status: number;
  readonly header?: readonly [name: string, value: string];
}

const conference = (...headers: string[]): RequestParts => ({ headers: ['Event: conference', ...headers] });

const rows: Row[] = [
  { about: 'an unknown user', method: 'INVITE', uri: 'sip:nobody@x', parts: { body: OFFER }, status: 404 },
  { about: 'no user', method: 'OPTIONS', uri: 'sip:chat.example.org', status: 404 },
  { about: 'a user in other case', method: 'OPTIONS', uri: 'sip:LOBBY@chat.example.org', status: 404 },
  { about: 'REFER, not built yet', method: 'REFER', status: 405, header: ['allow', ALLOW] },
  { about: 'REGISTER', method: 'REGISTER', uri: 'sip:example.org', status: 405, header: ['allow', ALLOW] },
  { about: 'UPDATE in a dialog', method: 'UPDATE', parts: INSIDE, status: 405, header: ['allow', ALLOW] },
  { about: 'a method nobody knows', method: 'FROB', status: 501, header: ['allow', ALLOW] },
  { about: 'a method in lower case', method: 'invite', status: 501, header: ['allow', ALLOW] },
  {
    about: 'a required extension',
    method: 'INVITE',
    parts: { headers: ['Require: timer, x', 'Require: 100rel'], body: OFFER },
    status: 420,
    header: ['unsupported', 'timer, x, 100rel'],
  },
  {
    about: 'an extension a proxy is to have',
    method: 'OPTIONS',
    parts: { headers: ['Proxy-Require: x'] },
    status: 200,
  },
  {
    about: 'a body that is no SDP',
    method: 'INVITE',
    parts: { body: 'x', type: 'text/plain' },
    status: 415,
    header: ['accept', 'application/sdp'],
  },
  {
    about: 'an encoded body',
    method: 'INVITE',
    parts: { body: OFFER, headers: ['e: gzip'] },
    status: 415,
    header: ['accept-encoding', 'identity'],
  },
  {
    about: 'a caller that takes no SDP',
    method: 'INVITE',
    parts: { body: OFFER, headers: ['Accept: text/plain'] },
    status: 406,
    header: ['accept', 'application/sdp'],
  },
  {
    about: 'an INVITE without Contact',
    method: 'INVITE',
    parts: { contact: null, body: OFFER },
    status: 400,
  },
  {
    about: 'an INVITE whose Contact is no SIP URI',
    method: 'INVITE',
    parts: { contact: '<tel:+1>', body: OFFER },
    status: 400,
  },
  { about: 'a BYE of no dialog', method: 'BYE', parts: INSIDE, status: 481 },
  { about: 'a BYE outside of dialogs', method: 'BYE', status: 481 },
  { about: 'a BYE of no dialog to nobody', method: 'BYE', uri: 'sip:nobody@x', parts: INSIDE, status: 481 },
  { about: 'a re-INVITE of no dialog', method: 'INVITE', parts: { ...INSIDE, body: OFFER }, status: 481 },
  { about: 'OPTIONS of no dialog', method: 'OPTIONS', parts: INSIDE, status: 481 },
  {
    about: 'a SUBSCRIBE of no dialog',
    method: 'SUBSCRIBE',
    parts: { ...conference(), ...INSIDE },
    status: 481,
  },
  {
    about: 'a NOTIFY of no subscription',
    method: 'NOTIFY',
    parts: { ...conference('Subscription-State: active'), ...INSIDE },
    status: 481,
  },
  {
    about: 'a NOTIFY out of the blue',
    method: 'NOTIFY',
    parts: conference('Subscription-State: active'),
    status: 481,
  },
  { about: 'a CANCEL of nothing', method: 'CANCEL', status: 481 },
  {
    about: 'checklist 84: another event',
    method: 'SUBSCRIBE',
    parts: { headers: ['Event: presence'] },
    status: 489,
    header: ['allow-events', 'conference'],
  },
  {
    about: 'checklist 84: no event',
    method: 'SUBSCRIBE',
    parts: { headers: [] },
    status: 489,
    header: ['allow-events', 'conference'],
  },
  {
    about: 'checklist 84: another type',
    method: 'SUBSCRIBE',
    parts: conference('Accept: application/pidf+xml, text/plain'),
    status: 406,
    header: ['accept', INFO],
  },
  { about: 'an Expires that is none', method: 'SUBSCRIBE', parts: conference('Expires: soon'), status: 400 },
  {
    about: 'a SUBSCRIBE without Contact',
    method: 'SUBSCRIBE',
    parts: { ...conference(), contact: null },
    status: 400,
  },
];

for (const transport of ['udp', 'tcp'] as const) {
  test(`the stack refuses over ${transport} what it should`, async (t) => {
    const fixture = await start(t);
    const peer = await Peer[transport](t, fixture[transport]);
    for (const row of rows) {
      const answer = await peer.ask(peer.request(row.method, row.uri ?? URI, row.parts));
      assert.equal(status(answer), row.status, `${row.about}: ${answer.startLine}`);
      if (row.header) assert.equal(value(answer, row.header[0]), row.header[1], row.about);
      assert.match(value(answer, 'to'), /;tag=/, row.about);
      assert.equal(value(answer, 'user-agent'), 'parley/test', row.about);
    }
    assert.equal(fixture.invitations.waiting + fixture.subscribes.waiting, 0);
  });
}

test('wildcards in Accept are taken; a room may have types of its own', async (t) => {
  const fixture = await start(t);
  fixture.stack.addRoom('other', {
    domain: 'x',
    focus: false,
    accepts: ['application/pidf+xml'],
    handler: {
      invited: (invitation) => invitation.reject(486, 'Busy'),
      subscribed: (request) => request.reject(480, 'Later'),
    },
  });
  const peer = await Peer.tcp(t, fixture.tcp);
  for (const accept of ['*/*', 'application/*;q=0.5', `text/plain, ${INFO.toUpperCase()}`]) {
    peer.send(peer.request('SUBSCRIBE', URI, conference(`Accept: ${accept}`)));
    (await fixture.subscribes.next()).reject(480, 'Later');
    await peer.next(/ 480 /);
  }
  const other = (accept: string) =>
    peer.ask(peer.request('SUBSCRIBE', 'sip:other@x', conference(`Accept: ${accept}`)));
  assert.equal(status(await other(INFO)), 406);
  assert.equal(status(await other('application/pidf+xml')), 480);
});

test('checklist 1: OPTIONS says what we can, and that this is a focus', async (t) => {
  const fixture = await start(t);
  for (const transport of ['udp', 'tcp'] as const) {
    const peer = await Peer[transport](t, fixture[transport]);
    const ok = await peer.ask(peer.request('OPTIONS', URI));
    const suffix = transport === 'tcp' ? ';transport=tcp' : '';
    assert.equal(ok.startLine, 'SIP/2.0 200 OK');
    assert.equal(value(ok, 'allow'), ALLOW);
    assert.equal(value(ok, 'accept'), `application/sdp, ${INFO}`);
    assert.equal(value(ok, 'allow-events'), 'conference');
    assert.equal(value(ok, 'contact'), `<sip:lobby@127.0.0.1:${fixture[transport]}${suffix}>;isfocus`);
    assert.deepEqual(ok.headers.get('supported'), ['']);
  }
});

test('a refusal is the same each time the request comes: the To tag too', async (t) => {
  const fixture = await start(t);
  const peer = await Peer.udp(t, fixture.udp);
  const text = peer.request('INVITE', 'sip:nobody@x', { body: OFFER });
  const first = await peer.ask(text);
  assert.equal((await peer.ask(text)).raw, first.raw);
  assert.equal(fixture.stack.load.transactions, 0);
});

test('without rport the answer still goes to where the request came from, and says so', async (t) => {
  const fixture = await start(t);
  const peer = await Peer.udp(t, fixture.udp);
  const text = peer
    .request('OPTIONS', URI, { via: 'phone.example.org:9;received=192.0.2.9' })
    .replace(';rport', '');
  assert.match(
    value(await peer.ask(text), 'via'),
    /^SIP\/2\.0\/UDP phone\.example\.org:9;branch=[^;]+;received=127\.0\.0\.1$/,
  );
});

test('keep-alives are answered on a connection and ignored in datagrams', async (t) => {
  const fixture = await start(t);
  const tcp = await Peer.tcp(t, fixture.tcp);
  tcp.send('\r\n\r\n');
  tcp.send('\r\n\r\n\r\n');
  tcp.send(tcp.request('OPTIONS', URI));
  await tcp.next(/ 200 /);
  assert.equal(tcp.other, '\r\n\r\n');
  const udp = await Peer.udp(t, fixture.udp);
  for (const text of ['\r\n\r\n', '\0', '', 'hello', `\r\n${udp.request('OPTIONS', URI)}`]) udp.send(text);
  await udp.next(/ 200 /);
  assert.deepEqual(udp.inbox, []);
});

test('what cannot be told apart is answered and the connection closed', async (t) => {
  const fixture = await start(t);
  const ask = async (change: (text: string) => string): Promise<number> => {
    const peer = await Peer.tcp(t, fixture.tcp);
    peer.send(change(peer.request('OPTIONS', URI)));
    const answer = await peer.next(/^SIP/);
    await peer.hungUp();
    return status(answer);
  };
  assert.equal(await ask((text) => text.replace(/Content-Length: 0\r\n/, '')), 400);
  assert.equal(await ask((text) => text.replace('Length: 0', 'Length: -1')), 400);
  assert.equal(await ask((text) => text.replace('Length: 0', 'Length: 65537')), 513);
  assert.equal(await ask((text) => text.replace('\r\n\r\n', `\r\nX: ${'y'.repeat(4000)}`.repeat(5))), 513);
  const rude = await Peer.tcp(t, fixture.tcp);
  rude.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await rude.hungUp();
});

test('a message that is refused does not cost the connection', async (t) => {
  const fixture = await start(t);
  const peer = await Peer.tcp(t, fixture.tcp);
  assert.equal(status(await peer.ask(peer.request('OPTIONS', `sip:${'x'.repeat(2000)}@x`))), 414);
  assert.equal(status(await peer.ask(peer.request('OPTIONS', 'mailto:x@y'))), 416);
  assert.equal(status(await peer.ask(peer.request('OPTIONS', URI))), 200);
});

test('a connection that is silent at first, or stops inside a message, is closed after 30 s', async (t) => {
  const clock = new FakeClock();
  const fixture = await start(t, { clock });
  const silent = await Peer.tcp(t, fixture.tcp);
  const idle = await Peer.tcp(t, fixture.tcp);
  const good = await Peer.tcp(t, fixture.tcp);
  const slow = await Peer.tcp(t, fixture.tcp);
  for (const peer of [good, slow]) await peer.ask(peer.request('OPTIONS', URI));
  clock.advance(20_000);
  slow.send('OPTIONS sip:');
  // Keep-alives alone are no message.
  idle.send('\r\n\r\n');
  await good.ask(good.request('OPTIONS', URI));
  clock.advance(10_000);
  await silent.hungUp();
  await idle.hungUp();
  assert.equal(status(await good.ask(good.request('OPTIONS', URI))), 200);
  clock.advance(30_000);
  await slow.hungUp();
  assert.equal(status(await good.ask(good.request('OPTIONS', URI))), 200);
  assert.equal(fixture.stack.load.connections, 1);
});

test('whose messages come whole in time stays, though one has always begun when another ends', async (t) => {
  const clock = new FakeClock();
  const fixture = await start(t, { clock });
  const busy = await Peer.tcp(t, fixture.tcp);
  let rest = '';
  for (let at = 0; at < 5; at += 1) {
    const [one, next] = [busy.request('OPTIONS', URI), busy.request('OPTIONS', URI)];
    busy.send(rest + one + next.slice(0, 40));
    rest = next.slice(40);
    // What was sent together came together, as far as that goes.
    for (let answers = at === 0 ? 1 : 2; answers > 0; answers -= 1)
      assert.equal(status(await busy.next(/^SIP/)), 200);
    clock.advance(12_000);
  }
  assert.equal(fixture.stack.load.connections, 1);
  assert.equal(busy.closed, false);
});

test('an address that is taken is named, and nothing stays bound', async (t) => {
  const first = await start(t);
  const listen = [
    { transport: 'udp', host: '127.0.0.1', port: 0 },
    { transport: 'tcp', host: '127.0.0.1', port: first.tcp },
  ] as const;
  await assert.rejects(start(t, { listen }), {
    code: 'EADDRINUSE',
    message: `cannot listen on tcp://127.0.0.1:${first.tcp}: the address is in use`,
  });
});
