import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SipCall } from '../../src/sip/index.ts';
import { CallRecord, type Fixture, INFO, Queue, serve, start, SubscriptionRecord } from './fixture.ts';
import { ANSWER, OFFER } from './peer.ts';

const uriOf = (server: Fixture, transport: string): string =>
  transport === 'tcp'
    ? `sip:lobby@127.0.0.1:${server.tcp};transport=tcp`
    : `sip:lobby@127.0.0.1:${server.udp}`;

function callFrom(client: Fixture, to: string) {
  const record = new CallRecord();
  const accepted = new Queue<{ call: SipCall; sdp: string | undefined; isFocus: boolean; uri: string }>();
  const rejected = new Queue<string>();
  const attempt = client.room.call({
    to,
    from: { uri: 'sip:alice@example.org', displayName: 'Alice "Al" é' },
    sdp: OFFER,
    extraHeaders: ['Subject: hello\r\nVia: bad'],
    handler: {
      acked: (answer) => record.acked(answer),
      reinvited: (request) => record.reinvited(request),
      ended: (cause) => record.ended(cause),
      progress: (code) => record.told.put(`progress ${code}`),
      accepted: (call, sdp, contact) => accepted.put({ call, sdp, ...contact }),
      rejected: (code, reason) => rejected.put(`${code} ${reason}`),
    },
  });
  return { record, accepted, rejected, attempt };
}

for (const transport of ['udp', 'tcp']) {
  test(`checklist 1: over ${transport} a call is offered, answered by a focus, and ended by the caller`, async (t) => {
    const server = await start(t);
    const client = await start(t, { user: 'me', focus: false });
    const outgoing = callFrom(client, uriOf(server, transport));
    const invitation = await server.invitations.next();
    assert.equal(invitation.offer, OFFER);
    assert.deepEqual(invitation.from, { uri: 'sip:alice@example.org', displayName: 'Alice "Al" é' });
    assert.equal(invitation.to.uri, uriOf(server, transport).replace(';transport=tcp', ''));
    assert.equal(invitation.source.transport, transport);
    assert.equal(invitation.header('Subject'), 'hello Via: bad');
    invitation.progress(180);
    const record = new CallRecord();
    invitation.accept({ sdp: ANSWER, handler: record });
    assert.equal(await outgoing.record.told.next(), 'progress 180');
    const { call, sdp, isFocus, uri } = await outgoing.accepted.next();
    assert.equal(sdp, ANSWER);
    assert.equal(isFocus, true);
    assert.equal(uri, uriOf(server, transport));
    assert.equal(await record.told.next(), 'acked without answer');
    await new Promise<void>((settled) => call.bye('SIP;cause=200;text="bye"', settled));
    assert.equal(await outgoing.record.told.next(), 'ended by us');
    assert.equal(await record.told.next(), 'ended by peer SIP;cause=200;text="bye"');
  });

  test(`over ${transport} a call is ended by who was called`, async (t) => {
    const server = await start(t);
    const client = await start(t, { user: 'me', focus: false });
    const outgoing = callFrom(client, uriOf(server, transport));
    const record = new CallRecord();
    const called = (await server.invitations.next()).accept({ sdp: ANSWER, handler: record });
    // The ACK has not come yet: the BYE waits for it.
    await new Promise<void>((settled) => called.bye('SIP;cause=480', settled));
    assert.equal(await record.told.next(), 'ended by us');
    assert.equal(await outgoing.record.told.next(), 'ended by peer SIP;cause=480');
    assert.equal(record.told.waiting, 0);
  });

  test(`over ${transport} a call is refused with the reason, and another is cancelled`, async (t) => {
    const server = await start(t);
    const client = await start(t, { user: 'me', focus: false });
    const refused = callFrom(client, uriOf(server, transport));
    (await server.invitations.next()).reject(486, 'Full\r\nX: y', ['Retry-After: 30']);
    assert.equal(await refused.rejected.next(), '486 Full X: y');

    const cancelled = callFrom(client, uriOf(server, transport));
    const invitation = await server.invitations.next();
    const told = new Promise<void>((resolve) => (invitation.onCancelled = resolve));
    cancelled.attempt.cancel();
    await told;
    assert.equal(await cancelled.rejected.next(), '487 Request Terminated');
    const late = new CallRecord();
    invitation.reject(486, 'Too Late');
    invitation.accept({ sdp: ANSWER, handler: late }).bye();
    assert.equal(await late.told.next(), 'ended by peer');
  });

  test(`checklist 86: over ${transport} a subscription gets its documents until it is ended`, async (t) => {
    const server = await start(t);
    const client = await start(t, { user: 'me', focus: false });
    const told = new Queue<string>();
    const subscribe = () =>
      client.room.subscribe({
        to: uriOf(server, transport),
        event: 'conference',
        accept: INFO,
        expires: 600,
        handler: {
          notified: (body, state) => told.put(`${state} ${body}`),
          failed: (code) => told.put(`failed ${code}`),
          ended: (reason) => told.put(`ended ${reason}`),
        },
      });
    const own = subscribe();
    const request = await server.subscribes.next();
    assert.equal(request.expires, 600);
    assert.deepEqual(request.accept, [INFO]);
    const record = new SubscriptionRecord();
    const subscription = serve(request, record);
    assert.equal(subscription.awaiting, true);
    assert.equal(await told.next(), 'active <all/>');
    assert.equal(await record.told.next(), 'acknowledged');
    assert.equal(subscription.awaiting, false);
    subscription.notify(INFO, `<more>${'é'.repeat(2000)}</more>`);
    assert.equal(await told.next(), `active <more>${'é'.repeat(2000)}</more>`);
    assert.equal(await record.told.next(), 'acknowledged');
    own.unsubscribe();
    assert.equal(await record.told.next(), 'ended unsubscribed');
    assert.equal(await told.next(), 'terminated <last/>');
    assert.equal(await told.next(), 'ended timeout');

    subscribe();
    const second = serve(await server.subscribes.next(), record);
    assert.equal(await told.next(), 'active <all/>');
    second.terminate('noresource', { contentType: INFO, body: '<gone/>' });
    assert.equal(await told.next(), 'terminated <gone/>');
    assert.equal(await told.next(), 'ended noresource');

    subscribe();
    (await server.subscribes.next()).reject(403, 'Forbidden');
    assert.equal(await told.next(), 'failed 403');
  });
}

test('a call to nowhere is rejected: no URI, nobody there', async (t) => {
  const client = await start(t, { user: 'me', focus: false });
  assert.equal(await callFrom(client, 'not a uri').rejected.next(), '400 No SIP URI');
  const { tcp } = await start(t).then(async (gone) => {
    await gone.stack.stop();
    return gone;
  });
  assert.match(await callFrom(client, `sip:x@127.0.0.1:${tcp};transport=tcp`).rejected.next(), /^503 /);
});

test('a removed room ends its calls and subscriptions, refuses what waits and takes no more', async (t) => {
  const server = await start(t);
  const client = await start(t, { user: 'me', focus: false });
  const to = uriOf(server, 'tcp');
  const one = callFrom(client, to);
  const record = new CallRecord();
  (await server.invitations.next()).accept({ sdp: ANSWER, handler: record });
  await one.accepted.next();
  assert.equal(await record.told.next(), 'acked without answer');
  const waiting = callFrom(client, to);
  await server.invitations.next();
  server.room.remove();
  assert.equal(await record.told.next(), 'ended by us');
  assert.equal(await one.record.told.next(), 'ended by peer');
  assert.match(await waiting.rejected.next(), /^480 /);
  assert.match(await callFrom(client, to).rejected.next(), /^404 /);
  const handler = { invited: () => {}, subscribed: () => {} };
  server.stack.addRoom('lobby', { domain: 'chat.example.org', focus: true, handler });
  assert.throws(() => server.stack.addRoom('lobby', { domain: 'x', focus: true, handler }), /already/);
});
