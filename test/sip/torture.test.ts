/** The messages of RFC 4475, bit by bit, and what becomes of them here. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { start } from './fixture.ts';
import { Peer, status, value } from './peer.ts';
import { alarms } from './alarms.ts';

const FOLDER = new URL('../torture/sip/', import.meta.url);

/** A status; `invited`: a room is asked; `dropped`: no answer, as it is a response to nothing. */
type Outcome = number | 'invited' | 'dropped';

const outcomes: Record<string, readonly [outcome: Outcome, why: string]> = {
  'badaspec.dat': [400, 'spaces inside the brackets of To'],
  'badbranch.dat': [200, 'a branch that is the cookie alone: treated as that of RFC 2543'],
  'baddate.dat': ['invited', 'a Date that is not GMT: we do not read it'],
  'baddn.dat': [400, 'a comma in a display name without quotes'],
  'badinv01.dat': [400, 'empty parameters in Via and Contact'],
  'badvers.dat': [505, 'SIP/7.0'],
  'bcast.dat': ['dropped', 'a response whose last Via is a broadcast address'],
  'bext01.dat': [420, 'Require of what nobody has'],
  'bigcode.dat': ['dropped', 'a status code of ten digits'],
  'clerr.dat': [400, 'Content-Length beyond the end of the datagram'],
  'cparam01.dat': [405, 'REGISTER'],
  'cparam02.dat': [405, 'REGISTER'],
  'dblreq.dat': [405, 'REGISTER; what follows its length in the datagram is nothing'],
  'esc01.dat': ['invited', 'escapes everywhere, also a user that looks like a URI'],
  'esc02.dat': [501, 'an escape in the method is none'],
  'escnull.dat': [405, 'REGISTER with escaped NULs'],
  'escruri.dat': [400, 'headers in the Request-URI'],
  'insuf.dat': [400, 'no From, To, Call-ID'],
  'intmeth.dat': [501, 'a method of all characters that a token may have'],
  'inv2543.dat': [400, 'a caller of RFC 2543, without a tag'],
  'invut.dat': [415, 'a body of unknown type'],
  'longreq.dat': ['invited', 'long values'],
  'ltgtruri.dat': [400, 'brackets around the Request-URI'],
  'lwsdisp.dat': [200, 'no space between display name and bracket'],
  'lwsruri.dat': [400, 'a space in the Request-URI'],
  'lwsstart.dat': [400, 'two spaces in the Request-Line'],
  'mcl01.dat': [400, 'two lengths'],
  'mismatch01.dat': [400, 'the method in CSeq is another'],
  'mismatch02.dat': [400, 'the method in CSeq is another, and the first unknown'],
  'mpart01.dat': [405, 'MESSAGE with a multipart body'],
  'multi01.dat': [400, 'two of what there may be one of'],
  'ncl.dat': [400, 'a negative length'],
  'noreason.dat': ['dropped', 'a response without reason phrase'],
  'novelsc.dat': [416, 'a Request-URI of soap.beep'],
  'quotbal.dat': [400, 'a quote that does not end'],
  'regaut01.dat': [405, 'REGISTER'],
  'regbadct.dat': [405, 'REGISTER'],
  'regescrt.dat': [405, 'REGISTER'],
  'scalar02.dat': [400, 'numbers that are too large'],
  'scalarlg.dat': ['dropped', 'a response with numbers that are too large'],
  'sdp01.dat': [406, 'Accept without SDP'],
  'semiuri.dat': [200, 'semicolon and escape in the user part'],
  'test.dat': ['dropped', 'hardly a request: without a Via there is nobody to answer'],
  'transports.dat': [200, 'Via of transports that we do not know'],
  'trws.dat': [400, 'spaces behind the Request-Line'],
  'unkscm.dat': [416, 'a Request-URI of an unknown scheme'],
  'unksm2.dat': [405, 'REGISTER with From and To of other schemes'],
  'unreason.dat': ['dropped', 'a response with an unusual reason phrase'],
  'wsinv.dat': [481, 'white space everywhere; its To tag is of no dialog here'],
  'zeromf.dat': [200, 'Max-Forwards 0: we are no proxy'],
};

test('there is an outcome for every file, and a file for every outcome', () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.dat'));
  assert.deepEqual(files.sort(), Object.keys(outcomes).sort());
  assert.ok(files.length >= 49);
});

for (const transport of ['udp', 'tcp'] as const) {
  test(`the messages of RFC 4475 over ${transport} have the outcome that is expected`, async (t) => {
    const log = alarms();
    const fixture = await start(t, { log, user: 'user' });
    const handler = {
      invited: (invitation: Parameters<typeof fixture.invitations.put>[0]) =>
        fixture.invitations.put(invitation),
      subscribed: () => {},
    };
    for (const user of [
      'vivekg',
      't.watson',
      'remote-target',
      'user;par=u@example.net',
      'sips:user@example.com',
    ]) {
      fixture.stack.addRoom(user, { domain: 'x', focus: true, handler });
    }
    for (const [file, [outcome, why]] of Object.entries(outcomes)) {
      // On a stream these have no length, or a wrong one: see answers.test.ts.
      if (transport === 'tcp' && ['clerr.dat', 'inv2543.dat', 'test.dat', 'baddn.dat'].includes(file))
        continue;
      const peer = await Peer[transport](t, fixture[transport]);
      peer.send(readFileSync(new URL(file, FOLDER)));
      if (outcome === 'invited') {
        (await fixture.invitations.next()).reject(486, 'Busy');
        assert.equal(status(await peer.next(/ 486 /)), 486, `${file}: ${why}`);
      } else if (outcome === 'dropped') {
        await peer.ask(peer.request('OPTIONS', 'sip:user@x'));
        assert.deepEqual(peer.inbox, [], `${file}: ${why}`);
      } else {
        assert.equal(status(await peer.next(/^SIP/)), outcome, `${file}: ${why}`);
      }
      peer.close();
    }
    assert.equal(fixture.invitations.waiting, 0);
    assert.deepEqual(log.raised, []);
  });
}

test('two requests in one piece of a stream are two requests', async (t) => {
  const fixture = await start(t, { user: 'joe' });
  const peer = await Peer.tcp(t, fixture.tcp);
  peer.send(readFileSync(new URL('dblreq.dat', FOLDER)));
  assert.equal(status(await peer.next(/^SIP/)), 405);
  // The INVITE in it has no Contact, which RFC 3261 section 8.1.1.8 demands.
  const refusal = await peer.next(/^SIP/);
  assert.equal(status(refusal), 400);
  assert.equal(value(refusal, 'call-id'), 'dblreq.0ha0isnda977644900765@192.0.2.15');
});
