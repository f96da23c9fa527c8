/** Subscriptions, byte by byte: what a phone sees of a notifier. */
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test, type TestContext } from 'node:test';
import type { Subscription } from '../../src/sip/index.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { type Fixture, type FixtureOptions, INFO, serve, start, SubscriptionRecord } from './fixture.ts';
import { type Message, Peer, status, unique, value } from './peer.ts';

const URI = 'sip:lobby@chat.example.org';
const EVENT = ['Event: conference', `Accept: ${INFO}`];

interface Subscribed {
  readonly fixture: Fixture;
  readonly peer: Peer;
  readonly record: SubscriptionRecord;
  readonly subscription: Subscription;
  readonly ok: Message;
  /** The first NOTIFY, not yet answered. */
  readonly notify: Message;
  /** The text of a SUBSCRIBE in the dialog. */
  readonly again: (expires: number, headers?: string[]) => string;
}

async function subscribed(
  t: TestContext,
  transport: 'udp' | 'tcp',
  options: FixtureOptions & { expires?: number; headers?: string[] } = {},
): Promise<Subscribed> {
  const fixture = await start(t, options);
  const peer = await Peer[transport](t, fixture[transport]);
  const callId = unique();
  const headers = [...EVENT, `Expires: ${options.expires ?? 600}`, ...(options.headers ?? [])];
  const asked = peer.ask(peer.request('SUBSCRIBE', URI, { callId, headers }));
  const record = new SubscriptionRecord();
  const subscription = serve(await fixture.subscribes.next(), record);
  const ok = await asked;
  const notify = await peer.next(/^NOTIFY /);
  let cseq = 1;
  const again = (expires: number, more: string[] = EVENT): string =>
    peer.request('SUBSCRIBE', URI, {
      callId,
      cseq: ++cseq,
      to: value(ok, 'to'),
      headers: [...more, `Expires: ${expires}`],
    });
  return { fixture, peer, record, subscription, ok, notify, again };
}

for (const transport of ['udp', 'tcp'] as const) {
  test(`checklist 84, 86: SUBSCRIBE over ${transport} gets 200 and at once a NOTIFY that fits it`, async (t) => {
    const route = '<sip:127.0.0.1:5999;lr>';
    const { fixture, peer, ok, notify, record } = await subscribed(t, transport, {
      headers: [`Record-Route: ${route}`],
    });
    const suffix = transport === 'tcp' ? ';transport=tcp' : '';
    const contact = `<sip:lobby@127.0.0.1:${fixture[transport]}${suffix}>;isfocus`;
    assert.equal(value(ok, 'expires'), '600');
    assert.equal(value(ok, 'contact'), contact);
    assert.equal(value(ok, 'record-route'), route);
    assert.equal(value(notify, 'route'), route);
    assert.equal(value(notify, 'event'), 'conference');
    assert.equal(value(notify, 'subscription-state'), 'active;expires=600');
    assert.equal(value(notify, 'contact'), contact);
    assert.equal(value(notify, 'content-type'), INFO);
    assert.equal(value(notify, 'from'), value(ok, 'to'));
    assert.equal(value(notify, 'to'), value(ok, 'from'));
    assert.equal(notify.body, '<all/>');
    assert.equal(notify.startLine, `NOTIFY ${/<(.*)>/.exec(peer.contact)?.[1]} SIP/2.0`);
    peer.answer(notify, '200 OK');
    assert.equal(await record.told.next(), 'acknowledged');
  });
}

test('the NOTIFY that is given while one is unanswered is sent after it', async (t) => {
  const { peer, record, subscription, notify } = await subscribed(t, 'tcp');
  subscription.notify(INFO, '<second/>');
  assert.equal(subscription.awaiting, true);
  await peer.ask(peer.request('OPTIONS', URI));
  assert.deepEqual(peer.inbox, []);
  peer.answer(notify, '200 OK');
  const second = await peer.next(/^NOTIFY /);
  assert.equal(second.body, '<second/>');
  peer.answer(second, '200 OK');
  assert.equal(await record.told.next(), 'acknowledged');
  assert.equal(subscription.awaiting, false);
});

test('checklist 86, 87: a refresh is answered, at most 3600 s, and a full document is due', async (t) => {
  const { peer, record, subscription, notify, again } = await subscribed(t, 'tcp');
  peer.answer(notify, '200 OK');
  assert.equal(await record.told.next(), 'acknowledged');
  const ok = await peer.ask(again(99_999_999));
  assert.equal(value(ok, 'expires'), '3600');
  assert.match(value(ok, 'contact'), /;isfocus$/);
  assert.equal(await record.told.next(), 'refreshed');
  subscription.notify(INFO, '<all/>');
  assert.equal(value(await peer.next(/^NOTIFY /), 'subscription-state'), 'active;expires=3600');
});

test('checklist 86: who unsubscribes gets a last document, and then 481', async (t) => {
  const { peer, record, again } = await subscribed(t, 'udp');
  const ok = await peer.ask(again(0));
  assert.equal(value(ok, 'expires'), '0');
  const last = await peer.next((m) => m.startLine.startsWith('NOTIFY') && m.body === '<last/>');
  assert.equal(value(last, 'subscription-state'), 'terminated;reason=timeout');
  assert.equal(await record.told.next(), 'ended unsubscribed');
  assert.equal(status(await peer.ask(again(600))), 481);
  assert.equal(record.told.waiting, 0);
});

test('checklist 86: a fetch gets one document', async (t) => {
  const fixture = await start(t);
  const peer = await Peer.udp(t, fixture.udp);
  const asked = peer.ask(peer.request('SUBSCRIBE', URI, { headers: [...EVENT, 'Expires: 0'] }));
  const request = await fixture.subscribes.next();
  assert.equal(request.expires, 0);
  const record = new SubscriptionRecord();
  request.open({ handler: record }).terminate('timeout', { contentType: INFO, body: '<all/>' });
  assert.equal(value(await asked, 'expires'), '0');
  const notify = await peer.next(/^NOTIFY /);
  assert.equal(value(notify, 'subscription-state'), 'terminated;reason=timeout');
  assert.equal(notify.body, '<all/>');
  assert.equal(await record.told.next(), 'ended terminated');
});

test('a subscription that is not refreshed expires, with a last document', async (t) => {
  const clock = new FakeClock();
  const { peer, record, notify } = await subscribed(t, 'tcp', { clock, expires: 60 });
  peer.answer(notify, '200 OK');
  assert.equal(await record.told.next(), 'acknowledged');
  clock.advance(59_000);
  assert.equal(record.told.waiting, 0);
  clock.advance(1_000);
  assert.equal(await record.told.next(), 'ended expired');
  const last = await peer.next(/^NOTIFY /);
  assert.equal(value(last, 'subscription-state'), 'terminated;reason=timeout');
  assert.equal(last.body, '<last/>');
});

test('checklist 96: the end of the room is told with noresource, even while a NOTIFY is unanswered', async (t) => {
  const { peer, record, subscription } = await subscribed(t, 'tcp');
  subscription.terminate('noresource\r\nX: y', { contentType: INFO, body: '<gone/>' });
  const last = await peer.next(/^NOTIFY /);
  assert.equal(value(last, 'subscription-state'), 'terminated;reason=noresource X: y');
  assert.equal(await record.told.next(), 'ended terminated');
  subscription.notify(INFO, '<never/>');
  subscription.terminate('timeout');
  assert.equal(record.told.waiting, 0);
});

test('checklist 97: a NOTIFY that is refused ends the subscription', async (t) => {
  const { peer, record, notify, again } = await subscribed(t, 'udp');
  peer.answer(notify, '481 Unknown');
  assert.equal(await record.told.next(), 'ended failed');
  assert.equal(status(await peer.ask(again(600))), 481);
});

test('checklist 97: a NOTIFY that is never answered ends the subscription', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  const clock = new FakeClock();
  const { peer, record, notify } = await subscribed(t, 'udp', { clock });
  // Timer E: after 0.5 s, 1 s, 2 s, then every 4 s.
  for (const wait of [500, 1000, 2000, 4000, 4000]) {
    clock.advance(wait);
    assert.equal((await peer.next(/^NOTIFY /)).raw, notify.raw);
  }
  t.mock.timers.tick(32_000);
  assert.equal(await record.told.next(), 'ended failed');
});

test('Event with an id names the subscription; another one in its dialog is refused', async (t) => {
  const { peer, notify, again } = await subscribed(t, 'tcp', { headers: [] });
  assert.equal(value(notify, 'event'), 'conference');
  const other = await peer.ask(again(600, ['Event: conference;id=7']));
  assert.equal(status(other), 489);
  assert.equal(value(other, 'allow-events'), 'conference');
  const fixture = await start(t);
  const second = await Peer.tcp(t, fixture.tcp);
  second.send(second.request('SUBSCRIBE', URI, { headers: ['o: conference ; id=7'] }));
  const request = await fixture.subscribes.next();
  assert.equal(request.expires, 3600);
  serve(request, new SubscriptionRecord());
  assert.equal(value(await second.next(/^NOTIFY /), 'event'), 'conference;id=7');
});

test('a SUBSCRIBE is refused in the words of the room', async (t) => {
  const fixture = await start(t);
  const peer = await Peer.tcp(t, fixture.tcp);
  const asked = peer.ask(peer.request('SUBSCRIBE', URI, { headers: [...EVENT, 'Privacy: id'] }));
  const request = await fixture.subscribes.next();
  assert.equal(request.anonymous, true);
  request.reject(480, 'Not Yet', ['Retry-After: 5']);
  const refused = await asked;
  assert.equal(refused.startLine, 'SIP/2.0 480 Not Yet');
  assert.equal(value(refused, 'retry-after'), '5');
  assert.throws(() => request.open({ handler: new SubscriptionRecord() }), /answered/);
});

const LARGE = `<all>${'é'.repeat(1000)}</all>`;

test('checklist 22: a NOTIFY above 1300 bytes to a UDP subscriber goes to its Contact by TCP', async (t) => {
  const { fixture, peer, record, subscription, notify } = await subscribed(t, 'udp');
  const { accepted } = await Peer.listen(t, peer.port);
  peer.answer(notify, '200 OK');
  assert.equal(await record.told.next(), 'acknowledged');
  subscription.notify(INFO, LARGE);
  const byTcp = await accepted;
  const large = await byTcp.next(/^NOTIFY /);
  assert.equal(large.body, LARGE);
  assert.match(value(large, 'via'), new RegExp(`^SIP/2\\.0/TCP 127\\.0\\.0\\.1:${fixture.tcp};`));
  assert.equal(value(large, 'contact'), `<sip:lobby@127.0.0.1:${fixture.tcp};transport=tcp>;isfocus`);
  byTcp.answer(large, '200 OK');
  assert.equal(await record.told.next(), 'acknowledged');
});

test('checklist 22: where the subscriber refuses TCP it goes by UDP, and TCP is not asked again soon', async (t) => {
  const { fixture, peer, record, subscription, notify } = await subscribed(t, 'udp');
  peer.answer(notify, '200 OK');
  assert.equal(await record.told.next(), 'acknowledged');
  subscription.notify(INFO, LARGE);
  const large = await peer.next(/^NOTIFY /);
  assert.equal(large.body, LARGE);
  assert.match(value(large, 'via'), new RegExp(`^SIP/2\\.0/UDP 127\\.0\\.0\\.1:${fixture.udp};`));
  let asked = 0;
  const server = createServer(() => asked++).listen(peer.port, '127.0.0.1');
  t.after(() => server.close());
  peer.answer(large, '200 OK');
  assert.equal(await record.told.next(), 'acknowledged');
  subscription.notify(INFO, LARGE);
  peer.answer(await peer.next(/^NOTIFY /), '200 OK');
  assert.equal(await record.told.next(), 'acknowledged');
  assert.equal(asked, 0);
});

test('an un-SUBSCRIBE over a new connection is heard, and answered there', async (t) => {
  const { fixture, peer, record, again } = await subscribed(t, 'tcp');
  const text = again(0);
  peer.close();
  const moved = await Peer.tcp(t, fixture.tcp);
  assert.equal(status(await moved.ask(text)), 200);
  assert.equal((await moved.next(/^NOTIFY /)).body, '<last/>');
  assert.equal(await record.told.next(), 'ended unsubscribed');
});
