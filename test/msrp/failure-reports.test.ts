/** What a REPORT on a message of ours means for the message and for the session (RFC 4975 section 7.3.2). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultOf } from '../../src/msrp/session-states.ts';
import { frame } from './pipe.ts';
import { opened } from './scene.ts';

const TEXT = { contentType: 'text/plain', messageId: 'ours0001' } as const;

/** A session of ours that has sent a message, on which a REPORT comes. */
async function reportedWith(status: string, more: readonly string[] = ['Byte-Range: 1-2/2']) {
  const scene = await opened();
  const { peer, session, paths } = scene;
  session.send({ ...TEXT, body: Buffer.from('hi') });
  await peer.hears();
  await peer.says(
    frame('rep00001', 'REPORT', [...paths, 'Message-ID: ours0001', ...more, `Status: ${status}`]),
  );
  return scene;
}

test('RFC 4975 section 7.3.2: a REPORT that bytes were not received (408) makes the session a failed one', async () => {
  const { clock, listener, session, peer } = await reportedWith('000 408 Timeout');
  assert.deepEqual(listener.told, ['opened', 'report 408', 'closed undelivered']);
  assert.equal(session.state, 'closed');
  clock.advance(1000);
  await peer.hears();
  assert.equal(peer.closed, true, 'nobody else used the connection');
});

test('section 7.3.2: so it is without a range, and where the Message-ID is none that is remembered', async () => {
  assert.equal((await reportedWith('000 408', [])).session.state, 'closed');
  const { peer, session, paths } = await opened();
  await peer.says(frame('rep00001', 'REPORT', [...paths, 'Message-ID: strange1', 'Status: 000 408']));
  assert.equal(session.state, 'closed');
});

test('section 7.3.2: a REPORT is what a response with its code is: a refused message is not a failed session', async () => {
  // Sections 10.1 to 10.7 and 10.9; RFC 7701 section 10.3; and one that nobody knows.
  for (const code of [200, 400, 403, 404, 413, 415, 423, 424, 425, 428, 501, 599]) {
    const { listener, session, peer } = await reportedWith(`000 ${code}`);
    assert.deepEqual(listener.told, ['opened', `report ${code}`]);
    session.send({ ...TEXT, messageId: 'ours0002', body: Buffer.from('go on') });
    assert.match(await peer.hears(), /go on/);
  }
});

test('section 7.3.2, 10.8, 10.10: 481 and 506 end it, in a REPORT as in a response', async () => {
  for (const code of [481, 506]) {
    const { listener } = await reportedWith(`000 ${code}`);
    assert.deepEqual(listener.told, ['opened', `report ${code}`, 'closed refused']);
    assert.equal(faultOf(code, 'response'), 'refused');
  }
});

test('section 9: another namespace says nothing', async () => {
  const { listener } = await reportedWith('001 408 who knows');
  assert.deepEqual(listener.told, ['opened']);
});

test('section 10.4: 408 as a response is a time-out of its message, and the session goes on', async () => {
  const { peer, session, listener, response } = await opened();
  const results: number[] = [];
  session.send({ ...TEXT, failureReport: 'yes', body: Buffer.from('hi') }, (status) => results.push(status));
  const [, transaction = ''] = /^MSRP (\S+) SEND/.exec(await peer.hears()) ?? [];
  await peer.says(response(transaction, '408 Timeout'));
  assert.deepEqual(results, [408]);
  assert.deepEqual(listener.told, ['opened']);
});

test('section 7.3.2: the message of which bytes were not received is settled before its session ends', async () => {
  const { peer, session, paths, listener } = await opened();
  const results: number[] = [];
  session.send({ ...TEXT, failureReport: 'yes', body: Buffer.from('hi') }, (status) => results.push(status));
  session.send(
    { ...TEXT, messageId: 'ours0002', failureReport: 'yes', body: Buffer.from('more') },
    (status) => results.push(status),
  );
  await peer.hears();
  await peer.says(frame('rep00001', 'REPORT', [...paths, 'Message-ID: ours0001', 'Status: 000 408']));
  assert.deepEqual(results, [408, 0]);
  assert.equal(listener.told.at(-1), 'closed undelivered');
});
