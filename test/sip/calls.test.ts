/** Calls, byte by byte: what a phone sees of a room. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { SipCall } from '../../src/sip/index.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { CallRecord, type Fixture, start } from './fixture.ts';
import { ANSWER, type Message, OFFER, Peer, PeerCall, status, unique, value } from './peer.ts';

const URI = 'sip:lobby@chat.example.org';

/** A peer whose call has been accepted and acknowledged. */
async function inCall(t: TestContext, fixture: Fixture, transport: 'udp' | 'tcp', headers: string[] = []) {
  const peer = await Peer[transport](t, fixture[transport]);
  const record = new CallRecord();
  const made = PeerCall.made(peer, URI, { headers });
  const call: SipCall = (await fixture.invitations.next()).accept({ sdp: ANSWER, handler: record });
  const dialog = await made;
  assert.equal(await record.told.next(), 'acked without answer');
  return { peer, record, call, dialog };
}

/** What has come to the peer once it has got an answer to something sent now: nothing else is on its way. */
async function settled(peer: Peer, uri = URI): Promise<Message[]> {
  await peer.ask(peer.request('OPTIONS', uri));
  return peer.inbox.splice(0).filter((message) => status(message) !== 100);
}

for (const transport of ['udp', 'tcp'] as const) {
  test(`checklist 1: the 200 over ${transport} says who we are, where, and what we can`, async (t) => {
    const fixture = await start(t);
    const peer = await Peer[transport](t, fixture[transport]);
    const call = new PeerCall(peer, URI);
    const routes = ['<sip:p2.example.org;lr>', '<sip:p1.example.org;lr;x=y>'];
    call.invite({ headers: [`Record-Route: ${routes.join(', ')}`, 'Timestamp: 5'] });
    assert.equal(status(await peer.next(/ 100 /)), 100);
    (await fixture.invitations.next()).accept({ sdp: ANSWER, handler: new CallRecord() });
    const ok = await call.answered();
    const suffix = transport === 'tcp' ? ';transport=tcp' : '';
    assert.equal(ok.startLine, 'SIP/2.0 200 OK');
    assert.equal(value(ok, 'contact'), `<sip:lobby@127.0.0.1:${fixture[transport]}${suffix}>;isfocus`);
    assert.equal(value(ok, 'allow').replaceAll(' ', ''), 'INVITE,ACK,CANCEL,BYE,OPTIONS,SUBSCRIBE,NOTIFY');
    assert.equal(value(ok, 'supported'), '');
    assert.equal(value(ok, 'accept'), 'application/sdp');
    assert.equal(value(ok, 'allow-events'), 'conference');
    assert.equal(value(ok, 'user-agent'), 'parley/test');
    assert.deepEqual(ok.headers.get('record-route'), routes);
    assert.match(value(ok, 'via'), new RegExp(`;rport=${peer.port};received=127\\.0\\.0\\.1$`));
    assert.match(value(ok, 'to'), /^<sip:lobby@chat\.example\.org>;tag=[0-9a-f]{20}$/);
    assert.equal(ok.body, ANSWER);
  });

  test(`a BYE of ours over ${transport} takes the way by which the call came`, async (t) => {
    const fixture = await start(t);
    const { peer, call, record } = await inCall(t, fixture, transport);
    const done = new Promise<void>((resolve) => call.bye('SIP;cause=410', resolve));
    const bye = await peer.next(/^BYE /);
    const via = value(bye, 'via');
    assert.equal(bye.startLine, `BYE ${/<(.*)>/.exec(peer.contact)?.[1]} SIP/2.0`);
    assert.match(
      via,
      new RegExp(`^SIP/2\\.0/${transport.toUpperCase()} 127\\.0\\.0\\.1:${fixture[transport]};`),
    );
    assert.match(via, /;branch=z9hG4bK[0-9a-f]{24}\.[A-Za-z0-9]{12};rport$/);
    assert.equal(value(bye, 'reason'), 'SIP;cause=410');
    peer.answer(bye, '200 OK');
    await done;
    assert.equal(await record.told.next(), 'ended by us');
  });
}

test('the configured host stands in Via and Contact', async (t) => {
  const fixture = await start(t, { host: 'gw.example.net' });
  const { peer, call, dialog } = await inCall(t, fixture, 'tcp');
  assert.equal(dialog.target, `sip:lobby@gw.example.net:${fixture.tcp};transport=tcp`);
  call.bye();
  assert.match(value(await peer.next(/^BYE /), 'via'), /^SIP\/2\.0\/TCP gw\.example\.net:\d+;/);
});

test('the user part decides which room it is: escapes, host and port do not', async (t) => {
  const fixture = await start(t, { user: '#chän[1]' });
  const peer = await Peer.tcp(t, fixture.tcp);
  for (const uri of ['sip:%23ch%C3%A4n%5B1%5D@x', 'SIP:%23ch%c3%a4n[%31]@127.0.0.1:9;transport=tcp']) {
    const call = new PeerCall(peer, uri);
    call.invite();
    const invitation = await fixture.invitations.next();
    assert.equal(invitation.requestUri, uri);
    invitation.accept({ sdp: ANSWER, handler: new CallRecord() });
    call.learn(await call.answered());
    assert.equal(call.target, `sip:%23ch%C3%A4n%5B1%5D@127.0.0.1:${fixture.tcp};transport=tcp`);
    assert.equal(status(await peer.ask(call.inside('BYE'))), 200);
  }
});

test('checklist 18: privacy is seen: by header, or by an anonymous From', async (t) => {
  const fixture = await start(t);
  const peer = await Peer.udp(t, fixture.udp);
  const cases: [string[], string | undefined, boolean][] = [
    [[], undefined, false],
    [['Privacy: none'], undefined, false],
    [['Privacy: id'], undefined, true],
    [['Privacy: critical;user'], undefined, true],
    [['Privacy: header'], undefined, true],
    [[], '"Anonymous" <sip:anonymous@anonymous.invalid>;tag=1', true],
  ];
  for (const [headers, from, anonymous] of cases) {
    peer.send(peer.request('INVITE', URI, { headers, ...(from === undefined ? {} : { from }), body: OFFER }));
    const invitation = await fixture.invitations.next();
    assert.equal(invitation.anonymous, anonymous, `${headers[0] ?? ''} ${from ?? ''}`);
    // The answer would repeat the anonymous From; it is of no interest here.
    if (from === undefined) invitation.reject(480, 'No');
  }
});

test('an INVITE without an offer gets ours, and the answer comes with the ACK', async (t) => {
  const fixture = await start(t);
  const peer = await Peer.udp(t, fixture.udp);
  const call = new PeerCall(peer, URI);
  call.invite({ body: '' });
  const invitation = await fixture.invitations.next();
  assert.equal(invitation.offer, undefined);
  const record = new CallRecord();
  invitation.accept({ sdp: OFFER, handler: record });
  const ok = await call.answered();
  assert.equal(ok.body, OFFER);
  call.learn(ok);
  call.ack(ANSWER);
  assert.equal(await record.told.next(), 'acked with answer');
});

test('an INVITE sent twice over UDP is one invitation, and is answered twice alike', async (t) => {
  const fixture = await start(t);
  const peer = await Peer.udp(t, fixture.udp);
  const call = new PeerCall(peer, URI);
  const text = call.invite();
  peer.send(text);
  const invitation = await fixture.invitations.next();
  await peer.next(/ 100 /);
  await peer.next(/ 100 /);
  invitation.accept({ sdp: ANSWER, handler: new CallRecord() });
  const first = await call.answered();
  peer.send(text);
  assert.equal((await call.answered()).raw, first.raw);
  assert.equal(fixture.invitations.waiting, 0);
});

test('two peers with one branch are two transactions', async (t) => {
  const fixture = await start(t);
  const [one, two] = [await Peer.udp(t, fixture.udp), await Peer.udp(t, fixture.udp, 'bob')];
  for (const peer of [one, two]) {
    peer.send(peer.request('INVITE', URI, { branch: 'z9hG4bKsame', body: OFFER }));
    (await fixture.invitations.next()).reject(486, 'Busy');
    assert.equal(status(await peer.next(/ 486 /)), 486);
  }
});

test('without ACK the 200 is sent again, and after 32 s the call is ended with BYE', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  const fixture = await start(t, { clock: new FakeClock() });
  const peer = await Peer.udp(t, fixture.udp);
  const call = new PeerCall(peer, URI);
  call.invite();
  const record = new CallRecord();
  (await fixture.invitations.next()).accept({ sdp: ANSWER, handler: record });
  const first = await call.answered();
  for (const wait of [500, 1000, 2000, 4000, 4000]) {
    t.mock.timers.tick(wait);
    assert.equal((await call.answered()).raw, first.raw, `after ${wait} ms`);
  }
  t.mock.timers.tick(32_000);
  assert.equal(await record.told.next(), 'ended by no-ack');
  peer.answer(await peer.next(/^BYE /), '200 OK');
});

test('a BYE of ours waits for the ACK', async (t) => {
  const fixture = await start(t);
  const peer = await Peer.tcp(t, fixture.tcp);
  const call = new PeerCall(peer, URI);
  call.invite();
  const record = new CallRecord();
  const called = (await fixture.invitations.next()).accept({ sdp: ANSWER, handler: record });
  call.learn(await call.answered());
  const done = new Promise<void>((resolve) => called.bye('SIP;cause=200', resolve));
  assert.deepEqual(await settled(peer), []);
  call.ack();
  const bye = await peer.next(/^BYE /);
  assert.equal(value(bye, 'reason'), 'SIP;cause=200');
  peer.answer(bye, '481 Gone');
  await done;
  assert.equal(await record.told.next(), 'ended by us');
  assert.equal(record.told.waiting, 0);
});

test('a BYE of the caller before its ACK ends the call as well', async (t) => {
  const fixture = await start(t);
  const peer = await Peer.udp(t, fixture.udp);
  const call = new PeerCall(peer, URI);
  call.invite();
  const record = new CallRecord();
  (await fixture.invitations.next()).accept({ sdp: ANSWER, handler: record });
  call.learn(await call.answered());
  assert.equal(status(await peer.ask(call.inside('BYE', { headers: ['Reason: Q.850;cause=16'] }))), 200);
  assert.equal(await record.told.next(), 'ended by peer Q.850;cause=16');
  assert.equal(status(await peer.ask(call.inside('BYE'))), 481);
});

for (const transport of ['udp', 'tcp'] as const) {
  test(`a CANCEL over ${transport} gets 200, its INVITE 487, and what comes later is too late`, async (t) => {
    const fixture = await start(t);
    const peer = await Peer[transport](t, fixture[transport]);
    const call = new PeerCall(peer, URI);
    call.invite();
    const invitation = await fixture.invitations.next();
    invitation.progress(183);
    await peer.next(/ 183 /);
    let cancelled = 0;
    invitation.onCancelled = () => cancelled++;
    const { from, callId, branch } = call;
    const cancel = peer.request('CANCEL', URI, { from, callId, branch });
    peer.send(cancel);
    peer.send(cancel);
    await peer.next((m) => status(m) === 200 && value(m, 'cseq') === '1 CANCEL');
    const refused = await peer.next(/ 487 /);
    peer.send(peer.request('ACK', URI, { from, callId, branch, to: value(refused, 'to') }));
    assert.equal(cancelled, 1);
    const record = new CallRecord();
    const late = invitation.accept({ sdp: ANSWER, handler: record });
    invitation.reject(603, 'Decline');
    invitation.progress(180);
    await new Promise<void>((resolve) => late.bye(undefined, resolve));
    assert.equal(await record.told.next(), 'ended by peer');
    assert.equal(status(await peer.ask(peer.request('CANCEL', URI, { callId: unique() }))), 481);
  });
}

test('re-INVITE: with and without an offer, answered with Contact and Allow; refused; cancelled', async (t) => {
  const fixture = await start(t);
  const { peer, record, dialog } = await inCall(t, fixture, 'udp');
  const accepted = await peer.ask(dialog.inside('INVITE', { body: OFFER }));
  assert.equal(accepted.body, ANSWER);
  assert.match(value(accepted, 'contact'), /^<sip:lobby@127\.0\.0\.1:\d+>;isfocus$/);
  assert.match(value(accepted, 'allow'), /^INVITE, /);
  assert.equal(await record.told.next(), 'reinvited with offer');
  dialog.ack();
  assert.equal(await record.told.next(), 'acked without answer');

  const offered = await peer.ask(dialog.inside('INVITE'));
  assert.equal(offered.body, ANSWER);
  assert.equal(await record.told.next(), 'reinvited without offer');
  dialog.ack(ANSWER);
  assert.equal(await record.told.next(), 'acked with answer');

  record.reinvite = (request) => request.reject(488, 'Not Here');
  const text = dialog.inside('INVITE', { body: OFFER, branch: 'z9hG4bKrefused' });
  assert.equal((await peer.ask(text)).startLine, 'SIP/2.0 488 Not Here');
  const { from, to, callId, cseq } = dialog;
  peer.send(peer.request('ACK', dialog.target, { from, to, callId, cseq, branch: 'z9hG4bKrefused' }));
  assert.equal(await record.told.next(), 'reinvited with offer');

  let late = (): void => {};
  record.reinvite = (request) => (late = () => request.accept(ANSWER));
  peer.send(dialog.inside('INVITE', { body: OFFER, branch: 'z9hG4bKcancelled' }));
  assert.equal(await record.told.next(), 'reinvited with offer');
  // Another one meanwhile (RFC 3261 section 14.2).
  assert.equal(status(await peer.ask(dialog.inside('INVITE', { body: OFFER }))), 500);
  const cancelled = { from, to, callId, cseq: dialog.cseq - 1, branch: 'z9hG4bKcancelled' };
  peer.send(peer.request('CANCEL', dialog.target, cancelled));
  await peer.next((m) => status(m) === 200 && /CANCEL/.test(value(m, 'cseq')));
  await peer.next(/ 487 /);
  late();
  assert.equal(status(await peer.ask(dialog.inside('BYE'))), 200);
});

test('a re-INVITE whose answer is never acknowledged ends the call', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  const fixture = await start(t, { clock: new FakeClock() });
  const { peer, record, dialog } = await inCall(t, fixture, 'udp');
  await peer.ask(dialog.inside('INVITE', { body: OFFER }));
  assert.equal(await record.told.next(), 'reinvited with offer');
  t.mock.timers.tick(32_000);
  assert.equal(await record.told.next(), 'ended by no-ack');
  await peer.next(/^BYE /);
});

test('a SUBSCRIBE inside a call is refused; old requests too', async (t) => {
  const fixture = await start(t);
  const { peer, dialog } = await inCall(t, fixture, 'tcp');
  const inside = dialog.inside('SUBSCRIBE', { headers: ['Event: conference'] });
  assert.equal(status(await peer.ask(inside)), 403);
  dialog.cseq = 0;
  assert.equal(status(await peer.ask(dialog.inside('BYE'))), 500);
});

test('the call follows its peer to a new connection, and without one to its Contact', async (t) => {
  const fixture = await start(t);
  const listening = await Peer.listen(t);
  const peer = await Peer.tcp(t, fixture.tcp);
  const contact = `<sip:alice@127.0.0.1:${listening.port};transport=tcp>`;
  const record = new CallRecord();
  const made = PeerCall.made(peer, URI, { contact });
  const call = (await fixture.invitations.next()).accept({ sdp: ANSWER, handler: record });
  const dialog = await made;
  assert.equal(await record.told.next(), 'acked without answer');
  const moved = await Peer.tcp(t, fixture.tcp);
  assert.equal(status(await moved.ask(dialog.inside('INVITE', { body: OFFER, contact }, moved))), 200);
  dialog.ack('', moved);
  peer.close();
  moved.close();
  while (fixture.stack.load.connections > 0) await new Promise((resolve) => setImmediate(resolve));
  call.bye();
  const called = await listening.accepted;
  assert.match(
    (await called.next(/^BYE /)).startLine,
    new RegExp(`^BYE sip:alice@127\\.0\\.0\\.1:${listening.port};`),
  );
});

test('a BYE takes the route that the INVITE recorded', async (t) => {
  const fixture = await start(t);
  const peer = await Peer.udp(t, fixture.udp);
  const record = new CallRecord();
  const routes = ['<sip:p2.example.org;lr>', '"P1" <sip:p1.example.org:5070;lr>;a=b'];
  const made = PeerCall.made(peer, URI, {
    contact: '<sip:alice@ua.example.org;ob?Subject=x>',
    headers: routes.map((route) => `Record-Route: ${route}`),
  });
  const call = (await fixture.invitations.next()).accept({ sdp: ANSWER, handler: record });
  await made;
  await record.told.next();
  call.bye();
  const bye = await peer.next(/^BYE /);
  assert.equal(bye.startLine, 'BYE sip:alice@ua.example.org;ob SIP/2.0');
  assert.deepEqual(bye.headers.get('route'), routes);
});

test('an answer finds its way when the connection is gone: to the sent-by of the Via', async (t) => {
  const fixture = await start(t);
  const listening = await Peer.listen(t);
  const peer = await Peer.tcp(t, fixture.tcp);
  peer.send(peer.request('INVITE', URI, { via: `127.0.0.1:${listening.port}`, body: OFFER }));
  const invitation = await fixture.invitations.next();
  peer.close();
  while (fixture.stack.load.connections > 0) await new Promise((resolve) => setImmediate(resolve));
  invitation.reject(486, 'Busy');
  assert.equal((await (await listening.accepted).next(/ 486 /)).startLine, 'SIP/2.0 486 Busy');
});
