/** MSRP over TLS in a room: which m-line is taken, fingerprints both ways, certificates that change. The clients are simple ones on node:tls. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calls, enters } from '../naive/join.ts';
import { fingerprintOf } from '../naive/msrp-connection.ts';
import { readSdp } from '../naive/sdp.ts';
import { header } from '../naive/sip-message.ts';
import { makeCertificate } from '../support/certificate.ts';
import { stage } from './stage.ts';

const WRONG = fingerprintOf(makeCertificate().cert);

test('checklist 6, 12, 27: by TLS in every manner of a=setup; ours is the same port, an msrps path and a fingerprint', async (t) => {
  const { joins } = await stage(t);
  const bob = await joins('bob');
  for (const setup of ['active', 'actpass', 'passive', null] as const) {
    const alice = await joins('alice', { setup, tls: true });
    const { protocol, port, path, fingerprint } = alice.media;
    assert.deepEqual([protocol, port], ['TCP/TLS/MSRP', bob.media.port]);
    assert.match(path[0] ?? '', new RegExp(`^msrps://127\\.0\\.0\\.1:${port}/[^;]+;tcp$`));
    // Whoever dials and whoever is dialled: both ends have held the certificate against it (RFC 8122 section 6.2).
    assert.match(fingerprint ?? '', /^sha-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    await alice.says(`by ${setup}`);
    await bob.hears(`by ${setup}`);
    await bob.says(`to ${setup}`);
    await alice.hears(`to ${setup}`);
    await alice.leaves();
  }
  assert.equal(bob.media.fingerprint, undefined);
});

test('a client without a fingerprint comes in as well: the real one has none', async (t) => {
  const { joins } = await stage(t);
  const [alice, bob] = [await joins('alice', { tls: true, fingerprint: null }), await joins('bob')];
  await alice.says('hello');
  await bob.hears('hello');
});

for (const setup of ['active', 'passive'] as const) {
  test(`checklist 27: a certificate that does not fit the SDP ends the connection and the call (they are ${setup})`, async (t) => {
    const { how, lobby } = await stage(t);
    const { call, msrp } = await calls(t, how('alice', { tls: true, setup, fingerprint: WRONG }));
    const answer = await call.answer();
    msrp.peer = readSdp(answer.body).path.join(' ');
    if (setup === 'active') {
      await msrp.dial();
      msrp.post('SEND', [
        ['Message-ID', 'first'],
        ['Byte-Range', '1-0/0'],
      ]);
    }
    const bye = await call.dialog.gets('BYE');
    assert.equal(
      header(bye, 'reason'),
      'SIP;cause=403;text="the certificate of the MSRP connection does not fit the SDP"',
    );
    await msrp.closed;
    assert.equal(lobby.loop.roster.size, 0);
  });
}

test('RFC 4975 section 5.4: who is to be dialled, has no fingerprint and signs for itself, is not dialled', async (t) => {
  const { how } = await stage(t);
  const { call } = await calls(t, how('alice', { tls: true, setup: 'passive', fingerprint: null }));
  assert.equal((await call.answer()).status, 200);
  const bye = await call.dialog.gets('BYE');
  assert.match(header(bye, 'reason'), /^SIP;cause=408;/);
});

test('checklist 27: an msrps session is not bound by a plain connection, and an msrp one not by TLS', async (t) => {
  const { how } = await stage(t);
  for (const tls of [true, false]) {
    const { call, msrp } = await calls(t, how(`user${tls}`, { tls }));
    const [path = ''] = readSdp((await call.answer()).body).path;
    const other = path.replace(/^msrps?/, tls ? 'msrp' : 'msrps');
    msrp.peer = path;
    msrp.use(await msrp.reach(other));
    assert.equal((await msrp.greet()).status, 481);
    msrp.peer = other;
    assert.equal((await msrp.greet()).status, 481);
    // The session waits for its own.
    msrp.peer = path;
    msrp.use(await msrp.reach(path));
    assert.equal((await msrp.greet()).status, 200);
  }
});

test('checklist 16: a re-INVITE may go over to TLS, and back', async (t) => {
  const { joins, how } = await stage(t);
  const bob = await joins('bob');
  const alice = await joins('alice');
  for (const tls of [true, false]) {
    const { phone, msrp } = await calls(t, how('elsewhere', { tls }));
    const answer = readSdp((await alice.call.again(phone.sdp)).body);
    assert.equal(answer.protocol, tls ? 'TCP/TLS/MSRP' : 'TCP/MSRP');
    assert.equal(answer.fingerprint !== undefined, tls);
    msrp.peer = answer.path.join(' ');
    await msrp.dial();
    assert.equal((await msrp.greet()).status, 200);
    await bob.says(`now by ${answer.protocol}`);
    const { body } = await msrp.messages.takes('a message', ({ body: text }) => text.includes('now by'));
    assert.match(body.toString(), new RegExp(answer.protocol));
  }
});

test('offers of our own: without TLS where both are there, with TLS where there is no other way', async (t) => {
  for (const tlsOnly of [false, true]) {
    const { joins } = await stage(t, { tlsOnly });
    for (const setup of ['active', 'passive'] as const) {
      const alice = await joins(`alice-${setup}`, { offerless: true, setup, tls: tlsOnly });
      assert.equal(alice.media.protocol, tlsOnly ? 'TCP/TLS/MSRP' : 'TCP/MSRP');
      assert.equal(alice.media.fingerprint !== undefined, tlsOnly);
      await alice.says('hello');
      await alice.leaves();
    }
  }
});

test('another certificate is for newcomers; who is there stays, and its re-INVITE says what it was told before', async (t) => {
  const { joins, renew, how } = await stage(t);
  const alice = await joins('alice', { tls: true });
  const renewed = makeCertificate();
  renew(renewed);
  const bob = await joins('bob', { tls: true });
  assert.equal(bob.media.fingerprint, fingerprintOf(renewed.cert));
  assert.notEqual(alice.media.fingerprint, bob.media.fingerprint);
  await bob.says('hello');
  await alice.hears('hello');
  const again = await alice.call.again(alice.phone.sdp);
  assert.equal(readSdp(again.body).fingerprint, alice.media.fingerprint);
  await alice.says('still here');
  await bob.hears('still here');
  await enters(
    t,
    await calls(t, how('carol', { tls: true, setup: 'passive' })),
    how('carol', { tls: true, setup: 'passive' }),
  );
});
