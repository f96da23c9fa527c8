/** The habits of the one real MSRP chat client in wide use, of which most break some rule; none may break us. */
import assert from 'node:assert/strict';
import { field } from '../naive/msrp-frame.ts';
import type { Participant } from '../naive/participant.ts';
import { header } from '../naive/sip-message.ts';
import { story, type Manner } from './scene.ts';

/** How it offers: it dials, names a port where nothing listens, and says nothing of chat rooms. */
const offers: Manner = {
  setup: 'active',
  chatroom: null,
  acceptTypes: 'message/cpim text/* image/* application/im-iscomposing+xml',
  wrapped: 'text/* image/* application/im-iscomposing+xml',
};

/** Its wrapper: CRLF outside, bare LF inside, its own spelling of the charset, microseconds. */
function itsWrapper(who: Participant, to: string, text: string, type = 'text/plain; charset="utf8"'): Buffer {
  const encoding = /[^ -~]/.test(text) ? 'Content-Transfer-Encoding: \n' : '';
  return Buffer.from(
    `From: Alice é <${who.address}>\r\nTo: <${to}>\r\nDateTime: 2026-11-22T23:30:37.869972+00:00\r\n\r\n` +
      `MIME-Version: 1.0\nContent-Type: ${type}\n${encoding}\n${text}`,
  );
}

story('its words are understood, passed on untouched and reported', async ({ joins, ann }) => {
  const alice = await joins('alice', offers);
  const bob = await joins('bob');
  assert.ok(alice.isFocus);
  assert.equal(alice.media.setup, 'passive');
  assert.deepEqual([...(alice.media.chatroom ?? [])].sort(), ['nickname', 'private-messages']);
  const body = itsWrapper(alice, alice.roomUri, 'hello wörld');
  // It counts characters where bytes are meant.
  const byteRange = `1-${body.length - 2}/${body.length - 2}`;
  const options = {
    messageId: 'f1165a8cf68e8773',
    byteRange,
    failureReport: 'yes',
    successReport: 'yes',
  } as const;
  const [response] = await alice.msrp.send(body, options);
  assert.equal(response?.status, 200);
  await ann.sees({ command: 'PRIVMSG', from: 'alice', text: 'hello wörld' });
  const report = await alice.getsReport('f1165a8cf68e8773');
  assert.equal(report.status, 200);
  const message = await bob.msrp.messages.takes('its message', ({ body: got }) => got.includes('hello w'));
  assert.deepEqual(message.body, body);
});

story(
  'a Byte-Range with an open end and more than 2048 bytes is still one message',
  async ({ joins, ann }) => {
    const alice = await joins('alice', offers);
    const bob = await joins('bob');
    const body = itsWrapper(alice, alice.roomUri, `long and é ${'x'.repeat(3000)}`);
    const [response] = await alice.msrp.send(body, { byteRange: `1-*/${body.length}` });
    assert.equal(response?.status, 200);
    const message = await bob.msrp.messages.takes('the long message', ({ body: got }) =>
      got.includes('long and'),
    );
    assert.deepEqual(message.body, body);
    assert.equal(message.frames.length, 1, 'it hangs up on a second chunk, so there is one');
    await ann.sees({ command: 'PRIVMSG', from: 'alice', text: /^long and é x+$/ });
  },
);

story('its keep-alive is answered, and shown to nobody', async ({ joins }) => {
  const alice = await joins('alice', offers);
  const bob = await joins('bob');
  const before = bob.msrp.frames.all.length;
  const response = await alice.msrp.request('SEND', [
    ['Message-ID', '1'],
    ['Byte-Range', '1-0/0'],
    ['Keep-Alive', 'yes'],
  ]);
  assert.equal(response.status, 200);
  await alice.says('and a word');
  await bob.hears('and a word');
  assert.equal(bob.msrp.frames.all.slice(before).filter(({ method }) => method === 'SEND').length, 1);
});

story('its subscription comes with the first packet, before any MSRP, and is taken', async ({ calls }) => {
  const { call, phone, roomUri } = await calls('alice', offers);
  assert.equal((await call.answer()).status, 200);
  const subscribe = await phone.request('SUBSCRIBE', {
    uri: roomUri,
    from: `<${phone.address}>;tag=1`,
    to: `<${roomUri}>`,
    callId: 'its-subscription',
    cseq: 29878,
    headers: [
      ['Event', 'conference'],
      ['Expires', '600'],
      ['Accept', 'application/conference-info+xml'],
      ['Supported', '100rel, replaces, norefersub, gruu'],
    ],
  });
  assert.equal((await subscribe.final()).status, 200);
  const notify = await phone.requests.takes('a NOTIFY', ({ method }) => method === 'NOTIFY');
  assert.match(notify.body, /<conference-info/);
  assert.match(header(notify, 'subscription-state'), /^active/);
});

story(
  'what begins with ?OTR goes nowhere when it is for the room, and passes in private',
  async ({ joins, ann }) => {
    const alice = await joins('alice', offers);
    const bob = await joins('bob');
    const id = await alice.says('?OTRv3? somebody wants to talk in secret', { successReport: 'yes' });
    assert.equal((await alice.getsReport(id)).status, 200);
    await alice.nickname('Queen');
    await alice.whispers(bob.address, '?OTR:AAMD');
    await bob.hears('?OTR:AAMD');
    await alice.says('in the open');
    await bob.hears('in the open');
    await ann.sees({ command: 'PRIVMSG', text: 'in the open' });
    bob.heardNothing(/^\?OTRv3/);
    ann.sawNothing({ command: 'PRIVMSG', text: /\?OTR/ });
  },
);

story(
  'checklist 46, 102: its isComposing is not answered, reaches who lists the type, and is no line on IRC',
  async ({ joins, ann }) => {
    const alice = await joins('alice', offers);
    const bob = await joins('bob');
    const plain = await joins('plain', { wrapped: 'text/plain' });
    const xml = `<?xml version='1.0' encoding='UTF-8'?>\n<isComposing xmlns="urn:ietf:params:xml:ns:im-iscomposing"><state>active</state></isComposing>`;
    const body = itsWrapper(alice, alice.roomUri, xml, 'application/im-iscomposing+xml');
    const [transaction] = alice.msrp.postMessage(body, { failureReport: 'no', successReport: 'no' });
    await bob.msrp.messages.takes('isComposing', ({ body: got }) => got.includes('isComposing'));
    await alice.says('here it is');
    await plain.hears('here it is');
    await ann.sees({ command: 'PRIVMSG', from: 'alice', text: 'here it is' });
    plain.heardNothing(/isComposing/);
    ann.sawNothing({ command: 'PRIVMSG', text: /isComposing/ });
    assert.ok(!alice.msrp.frames.all.some((frame) => frame.transaction === transaction), 'no response');
  },
);

story(
  'checklist 54: text without a wrapper is refused with 415, and the reason is told once in the room',
  async ({ joins, ann }) => {
    const alice = await joins('alice', offers);
    for (let i = 0; i < 2; i += 1) {
      const [response] = await alice.msrp.send(Buffer.from('bare words'), { type: 'text/plain' });
      assert.equal(response?.status, 415);
    }
    await alice.hears(/./, { from: alice.roomUri });
    await ann.says('#lobby', 'and on we go');
    await alice.hears('and on we go');
    ann.sawNothing({ command: 'PRIVMSG', text: 'bare words' });
  },
);

story(
  'our frames are as it needs them: the first SEND is its own, and its session id is in our From-Path',
  async ({ joins, ann }) => {
    const alice = await joins('alice', offers);
    await ann.says('#lobby', 'for you');
    await alice.hears('for you');
    const [first] = alice.msrp.frames.all;
    assert.deepEqual(
      [first?.method, first?.status],
      [undefined, 200],
      'its empty SEND is answered before anything else',
    );
    for (const frame of alice.msrp.frames.all) {
      assert.equal(field(frame, 'From-Path'), alice.msrp.peer);
      assert.equal(field(frame, 'To-Path'), alice.msrp.uri);
      assert.ok(frame.method !== 'SEND' || (frame.body?.length ?? 1) > 0, 'no blank line without a body');
    }
  },
);
