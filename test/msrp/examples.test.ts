/** The examples of RFC 4975 section 11 (test/examples/README.md says what is wrong with them), as one end hears and answers them. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { silentLog } from '../../src/common/log.ts';
import { MsrpEndpoint } from '../../src/msrp/index.ts';
import { MsrpParser } from '../../src/msrp/parser.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { Listener, Transcript } from './events.ts';
import { pipe, RawPeer } from './pipe.ts';
import { PEER } from './scene.ts';

const FOLDER = 'test/examples/';

/** An example with the paths of another session. */
function example(name: string, to: string, from: string): string {
  return readFileSync(`${FOLDER}rfc4975/${name}.msrp`, 'latin1')
    .replace(/^To-Path: .*$/m, `To-Path: ${to}`)
    .replace(/^From-Path: .*$/m, `From-Path: ${from}`);
}

interface End {
  readonly listener: Listener;
  readonly session: ReturnType<MsrpEndpoint['openSession']>;
  /** Says an example, and gives what it is answered. */
  says(name: string, edit?: (text: string) => string): Promise<string>;
  hears(): Promise<string>;
  /** The example that the end itself should say. */
  expected(name: string): string;
}

/** An end that takes whatever comes. */
function end(): End {
  const endpoint = new MsrpEndpoint({ clock: new FakeClock(), log: silentLog, maxMessageBytes: 10_000 });
  const listener = new Listener();
  const session = endpoint.openSession({
    host: '127.0.0.1',
    port: 8888,
    handler: listener,
    accepts: () => true,
  });
  session.setPeer({ path: [PEER] });
  const [near, far] = pipe();
  endpoint.accept(near);
  const peer = new RawPeer(far);
  return {
    listener,
    session,
    says: (name, edit = (text) => text) => peer.says(edit(example(name, session.path, PEER))),
    hears: () => peer.hears(),
    expected: (name) => example(name, PEER, session.path),
  };
}

/** The transaction id of the first frame. */
function idOf(text: string): string {
  return /^MSRP (\S+)/.exec(text)?.[1] ?? '';
}

for (const folder of ['rfc4975', 'rfc7701']) {
  for (const name of readdirSync(FOLDER + folder).filter((file) => file.endsWith('.msrp'))) {
    test(`${folder} ${name} is one frame, whole and byte by byte`, () => {
      const bytes = readFileSync(`${FOLDER}${folder}/${name}`);
      for (const size of [bytes.length, 1]) {
        const transcript = new Transcript();
        const parser = new MsrpParser(transcript);
        for (let at = 0; at < bytes.length; at += size) parser.push(bytes.subarray(at, at + size));
        assert.equal(transcript.error, undefined);
        assert.equal(transcript.frames.length, 1);
        assert.notEqual(transcript.frames[0]?.flag, undefined);
      }
    });
  }
}

test('11.1: a message and its 200, both ways', async () => {
  const bob = end();
  assert.equal(await bob.says('11.1-4-send'), bob.expected('11.1-5-200'));
  assert.equal(bob.listener.messages[0]?.body.toString(), "Hi, I'm Alice!");
  let status = 0;
  const body = Buffer.from("Hi, Alice!  I'm Bob!");
  bob.session.send(
    { contentType: 'text/plain', body, messageId: '456s9wlk3', failureReport: 'yes' },
    (code) => (status = code),
  );
  const sent = await bob.hears();
  const id = idOf(sent);
  assert.equal(sent, bob.expected('11.1-6-send').replaceAll('dkei38sd', id).replace('1-21/21', '1-20/20'));
  assert.equal(await bob.says('11.1-7-200', (answer) => answer.replaceAll('dkei38sd', id)), '');
  assert.equal(status, 200);
});

test('11.2: a document in XHTML', async () => {
  const alice = end();
  assert.match(await alice.says('11.2-xhtml'), /^MSRP dsdfoe38sd 200 /);
  const [message] = alice.listener.messages;
  assert.equal(message?.contentType, 'application/xhtml+xml');
  assert.equal(message.body.length, 384);
  assert.match(message.body.toString(), /^<\?xml [^]*<\/html>$/);
});

test('11.3: a message in two chunks', async () => {
  const bob = end();
  assert.match(await bob.says('11.3-chunk-1'), /^MSRP dkei38sd 200 /);
  assert.equal(bob.listener.messages.length, 0);
  assert.match(await bob.says('11.3-chunk-2'), /^MSRP dkei38ia 200 /);
  assert.equal(bob.listener.messages[0]?.body.toString(), 'abcdEFGH');
});

for (const order of [
  ['1', '2'],
  ['2', '1'],
] as const) {
  test(`11.4: a wrapper in two chunks, ${order.join(' before ')}`, async () => {
    const bob = end();
    for (const chunk of order) assert.match(await bob.says(`11.4-chunk-${chunk}`), /^MSRP \w+ 200 /);
    assert.equal(bob.listener.messages.length, 1);
    assert.match(bob.listener.messages[0]?.body.toString() ?? '', /^To: Bob [^]*\r\n\r\nABCD1234567890$/);
  });
}

test('11.5: a message that wants no answer gets none', async () => {
  const alice = end();
  assert.equal(await alice.says('11.5-system'), '');
  assert.equal(alice.listener.messages[0]?.body.toString(), 'This conference will end in 5 minutes');
  alice.listener.messages[0]?.report(200);
  alice.listener.messages[0]?.report(408);
  assert.equal(await alice.hears(), '');
});

test('11.6: a success report, and no response', async () => {
  const bob = end();
  assert.equal(await bob.says('11.6-send'), '');
  bob.listener.messages[0]?.report(200);
  const report = await bob.hears();
  const expected = bob.expected('11.6-report').replaceAll('dkei38sd', idOf(report));
  assert.equal(report, expected.replace('1-106/106', '1-121/121'));
  const alice = end();
  await alice.says('11.1-4-send');
  assert.equal(await alice.says('11.6-report'), '');
  assert.deepEqual(
    alice.listener.reports.map(({ messageId, status, byteRange }) => [messageId, status, byteRange?.end]),
    [['12339sdqwer', 200, 106]],
  );
});
