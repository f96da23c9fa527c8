/** Messages that were bent at random (with a seed): nothing breaks, nothing stays. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { bent } from '../support/bending.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { oneOf, randomFrom } from '../support/random.ts';
import { alarms } from './alarms.ts';
import { ANSWER, OFFER, Peer, PeerCall, status } from './peer.ts';
import { CallRecord, start, SubscriptionRecord } from './fixture.ts';

const FOLDER = new URL('../torture/sip/', import.meta.url);
const URI = 'sip:lobby@x';

test('2,000 bent messages: no crash, no alarm, and then a call works; what was kept is forgotten', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  const clock = new FakeClock();
  const log = alarms();
  // Every third is let in, so that what follows it meets a dialog.
  let met = 0;
  const fixture = await start(t, {
    clock,
    log,
    handler: {
      invited: (invitation) => {
        met++;
        if (met % 3 === 0) invitation.accept({ sdp: ANSWER, handler: new CallRecord() });
        else invitation.reject(486, 'Busy');
      },
      subscribed: (request) => {
        met++;
        if (met % 3 === 0) request.open({ handler: new SubscriptionRecord() });
        else request.reject(480, 'Later');
      },
    },
  });
  const peer = await Peer.udp(t, fixture.udp);
  // A dialog whose requests are bent, too.
  const call = new PeerCall(peer, URI);
  met = 2;
  call.invite();
  call.learn(await call.answered());
  call.ack();
  const conference = { headers: ['Event: conference', 'Accept: */*'] };
  // Made anew each time: one that comes again with the same branch is absorbed before it reaches the room.
  const requests: readonly (() => string)[] = [
    () => peer.request('INVITE', URI, { body: OFFER }),
    () => peer.request('SUBSCRIBE', URI, conference),
    () => peer.request('OPTIONS', URI),
    () => call.inside('INVITE', { body: OFFER }),
    () => call.inside('INFO', { body: 'x', type: 'a/b' }),
    () => call.inside('BYE'),
    () => call.inside('ACK', { body: OFFER }),
    () => call.inside('SUBSCRIBE', conference),
    () => call.inside('NOTIFY', { headers: ['Event: conference', 'Subscription-State: active;expires=5'] }),
  ];
  const bases: readonly (() => Buffer)[] = [
    ...readdirSync(FOLDER).map((name) => () => readFileSync(new URL(name, FOLDER))),
    ...[
      ...requests,
      ...requests,
      ...requests,
      ...Array.from({ length: 24 }, () => requests.slice(0, 2)).flat(),
    ].map((text) => () => Buffer.from(text())),
  ];
  const random = randomFrom(20261124);
  for (let i = 0; i < 1_700; i++) {
    peer.send(bent(oneOf(random, bases)(), random, 2));
    if (i % 100 === 99) await peer.ask(peer.request('OPTIONS', URI));
  }
  const open: Peer[] = [];
  for (let i = 0; i < 300; i++) {
    const tcp = await Peer.tcp(t, fixture.tcp);
    open.push(tcp);
    tcp.send(bent(oneOf(random, bases)(), random, 2));
    tcp.send(tcp.request('OPTIONS', URI));
    if (i % 100 === 99) await peer.ask(peer.request('OPTIONS', URI));
    else if (i % 3 === 0) tcp.close();
  }
  assert.ok(met > 100, `only ${met} messages reached the room`);
  assert.deepEqual(log.raised, []);

  const last = await Peer.udp(t, fixture.udp, 'last');
  const good = new PeerCall(last, URI);
  met = 2;
  good.invite();
  good.learn(await good.answered());
  good.ack();
  assert.equal(status(await last.ask(good.inside('BYE'))), 200);

  for (const tcp of open) tcp.close();
  // Timers of transactions, subscriptions and connections, all of them. Sockets have a time of their own: what they
  // still had to tell may begin a last transaction, so it takes as long as it takes, within bounds.
  const kept = (): number => fixture.stack.load.transactions + fixture.stack.load.connections + clock.pending;
  for (let minutes = 0; minutes < 70 || (minutes < 5_000 && kept() > 0); minutes++) {
    t.mock.timers.tick(60_000);
    clock.advance(60_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(fixture.stack.load.transactions, 0);
  assert.equal(fixture.stack.load.connections, 0);
  assert.equal(clock.pending, 0);
});
