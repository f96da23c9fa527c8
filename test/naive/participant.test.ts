/** A participant against the least that could be a room: a phone of the same kind that takes every call. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { writeCpim } from './cpim.ts';
import { isRefused, join } from './join.ts';
import { MsrpEnd } from './msrp.ts';
import { readSdp, writeSdp } from './sdp.ts';
import { header, uriOf, type SipMessage } from './sip-message.ts';
import { Phone, type Verdict } from './sip.ts';

interface Room {
  readonly sip: { readonly host: string; readonly port: number; readonly transport: 'udp' | 'tcp' };
  readonly msrp: MsrpEnd;
}

async function room(t: TestContext, transport: 'udp' | 'tcp', setup: 'active' | 'passive'): Promise<Room> {
  const nowhere = { host: '127.0.0.1', port: 9, transport };
  const phone = await Phone.open(t, { name: 'room', server: nowhere, address: 'sip:lobby@chat.example.com' });
  const msrp = await MsrpEnd.open(t, 'room', { listen: setup === 'passive' });
  const sdp = writeSdp({
    host: '127.0.0.1',
    port: msrp.port,
    path: msrp.uri,
    acceptTypes: 'message/cpim',
    wrapped: '*',
    chatroom: 'nickname private-messages',
    setup,
  });
  msrp.responds = (frame) =>
    frame.method === 'NICKNAME' ? { status: 425, comment: 'Taken' } : { status: 200, comment: 'OK' };
  phone.answers = (request: SipMessage): Verdict | undefined => {
    if (uriOf(header(request, 'to')) !== 'sip:lobby@chat.example.com') return { status: 404 };
    if (request.method === 'SUBSCRIBE') {
      setImmediate(() => void notify(t, phone, request));
      return { status: 200, headers: [['Expires', '600']] };
    }
    if (request.method !== 'INVITE') return undefined;
    msrp.peer = readSdp(request.body).path.join(' ');
    if (setup === 'active') setImmediate(() => void msrp.dial().then(() => msrp.greet()));
    return { status: 200, headers: [['Content-Type', 'application/sdp']], body: sdp };
  };
  return { sip: { host: '127.0.0.1', port: Number(/:(\d+);/.exec(phone.contact)?.[1]), transport }, msrp };
}

/** By UDP, from a phone whose server is the subscriber. */
async function notify(t: TestContext, phone: Phone, subscribe: SipMessage): Promise<void> {
  const uri = uriOf(header(subscribe, 'contact'));
  const [, port, transport] = /:(\d+);transport=(\w+)/.exec(uri) ?? [];
  const server = { host: '127.0.0.1', port: Number(port), transport: transport as 'udp' | 'tcp' };
  const other = await Phone.open(t, { name: 'notifier', server, address: phone.address });
  const sent = await other.request('NOTIFY', {
    uri,
    from: `${header(subscribe, 'to')};tag=n`,
    to: header(subscribe, 'from'),
    callId: header(subscribe, 'call-id'),
    cseq: 1,
    headers: [
      ['Event', 'conference'],
      ['Subscription-State', 'active;expires=600'],
      ['Content-Type', 'application/conference-info+xml'],
    ],
    body: '<conference-info entity="sip:lobby@chat.example.com" state="full" version="0"><conference-description><subject>Tea</subject></conference-description><users><user entity="sip:alice@users.test"/></users></conference-info>',
  });
  await sent.final();
  other.close();
}

for (const transport of ['udp', 'tcp'] as const) {
  for (const setup of ['passive', 'active'] as const) {
    test(`over ${transport}, with a room that is ${setup}: it joins, talks, listens and leaves`, async (t) => {
      const { sip, msrp } = await room(t, transport, setup);
      const how = { sip, domain: 'chat.example.com', user: 'alice', setup: 'actpass' } as const;
      const refusal = await isRefused(t, { ...how, room: 'nowhere' }, 404);
      assert.equal(refusal.status, 404);
      const alice = await join(t, { ...how, room: 'lobby', displayName: 'Alice' });
      const id = await alice.whispers('sip:bob@users.test', 'hello', {
        cc: ['sip:carol@users.test'],
        successReport: 'yes',
      });
      const { body } = await msrp.messages.takes('the message', () => true);
      assert.match(
        body.toString(),
        /^From: "Alice" <sip:alice@users.test>\r\nTo: <sip:bob@users.test>\r\ncc: </,
      );
      assert.equal((await alice.getsReport(id)).status, 200);
      await alice.nickname('Queen', 425);

      const from = '"ann" <sip:ann+local@chat.example.com>';
      await msrp.send(writeCpim({ from, to: `<${alice.roomUri}>`, type: 'text/plain', content: 'hello, é' }));
      await alice.hears('hello, é', {
        from: 'sip:ann+local@chat.example.com',
        name: 'ann',
        to: alice.roomUri,
      });
      alice.heardNothing('something else');
      assert.throws(() => alice.heardNothing(/hello/), /alice waited for no/);

      await alice.subscribes();
      await alice.seesRoster('the subject', ({ subject }) => subject === 'Tea');
      assert.ok(alice.roster.people.has(alice.address));
      await alice.leaves();
      await msrp.closed;
    });
  }
}
