/** The examples of RFC 7701 section 9 (test/examples/README.md says what is wrong with them), in a room with the people in them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { OwnDescription, readDescription } from '../../src/focus/offer-answer.ts';
import { parseSdp } from '../../src/formats/sdp.ts';
import { Conference } from '../naive/conference.ts';
import type { MsrpFrame } from '../naive/msrp-frame.ts';
import type { Participant } from '../naive/participant.ts';
import { SETTINGS, stage } from './stage.ts';

const TYPES = ['text/plain', 'text/html', '*'];

function file(name: string): string {
  return readFileSync(`test/examples/${name}`, 'latin1');
}

/** The wrapper in an example. */
function body(name: string): string {
  const text = file(`rfc7701/${name}.msrp`);
  return text.slice(text.indexOf('\r\n\r\n') + 4, text.lastIndexOf('\r\n-------'));
}

/** Somebody says an example over its own session; the response. */
async function says(
  { msrp }: Participant,
  name: string,
  edit = (text: string): string => text,
): Promise<MsrpFrame> {
  const text = edit(file(`rfc7701/${name}.msrp`))
    .replace(/^To-Path: .*$/m, `To-Path: ${msrp.peer}`)
    .replace(/^From-Path: .*$/m, `From-Path: ${msrp.uri}`);
  msrp.write(Buffer.from(text, 'latin1'));
  return msrp.response(/^MSRP (\S+)/.exec(text)?.[1] ?? '');
}

async function company(t: TestContext): Promise<Record<'alice' | 'other' | 'bob' | 'charlie', Participant>> {
  const { joins } = await stage(t, { rooms: ['lobby', 'chatroom22'], settings: { types: TYPES } });
  const room = { room: 'chatroom22' };
  const people = {
    alice: await joins('alice', { ...room, userDomain: 'atlanta.example.com' }),
    // Who says 9.4 F1 and 9.5, by their From.
    other: await joins('alice', { ...room, userDomain: 'example.com' }),
    bob: await joins('bob', { ...room, userDomain: 'example.com' }),
    charlie: await joins('charlie', { ...room, userDomain: 'example.com' }),
  };
  // The simple client reads the strict form of RFC 3862 only, which the examples have not.
  for (const { msrp } of Object.values(people)) msrp.onMessage = () => {};
  return people;
}

/** The next whole message in which these words are. */
async function gets({ msrp }: Participant, words: string): Promise<string> {
  const message = await msrp.messages.takes(words, ({ body: bytes }) => bytes.includes(words));
  assert.equal(message.type, 'message/cpim');
  return message.body.toString('latin1');
}

test('9.1: the offer is taken, and the answer says what the example says', () => {
  const places = [{ scheme: 'msrp', transport: 'tcp', host: '192.0.2.1', port: 12_763 }] as const;
  const reading = readDescription(file('rfc7701/9.1-F1-offer.sdp'), places);
  assert.ok(reading.ok);
  const { peer } = reading;
  assert.deepEqual(
    ['text/plain', 'text/html', 'image/png'].map((type) => peer.types.takes(type)),
    [true, true, false],
  );
  const own = {
    place: peer.place,
    path: 'msrp://192.0.2.1:12763/kjhd37s2s20w2a;tcp',
    settings: { ...SETTINGS, types: TYPES },
    maxMessageBytes: 1000,
    fingerprints: [],
  };
  const answer = new OwnDescription('192.0.2.1').answer(peer, own);
  const theirs = parseSdp(file('rfc7701/9.1-F2-answer.sdp')).messages()[0];
  const ours = parseSdp(answer).messages()[0];
  assert.ok(theirs && ours);
  for (const name of [
    'port',
    'protocol',
    'formats',
    'acceptTypes',
    'acceptWrappedTypes',
    'chatroom',
  ] as const)
    assert.deepEqual(ours[name], theirs[name], name);
});

test('RFC 4975 11.1: who takes no wrapper is no chat room client: 488', () => {
  for (const name of ['11.1-1-offer', '11.1-2-answer']) {
    const places = [{ scheme: 'msrp', transport: 'tcp', host: '192.0.2.1', port: 1 }] as const;
    assert.equal(parseSdp(file(`rfc4975/${name}.sdp`)).messages().length, 1);
    const reading = readDescription(file(`rfc4975/${name}.sdp`), places);
    assert.equal(reading.ok ? 0 : reading.status, 488);
  }
});

test('9.2: a nickname that is taken, then one that is free', async (t) => {
  const { alice, bob } = await company(t);
  await bob.nickname('Alice the great');
  await alice.subscribes();
  assert.equal((await says(alice, '9.2-F1-nickname')).status, 425);
  assert.equal((await says(alice, '9.2-F3-nickname')).status, 200);
  await alice.seesRoster(
    'both names',
    ({ people }) =>
      people.get(alice.address)?.nickname === 'Alice in Wonderland' &&
      people.get(bob.address)?.nickname === 'Alice the great',
  );
});

test('9.3: a regular message reaches the others, its wrapper untouched', async (t) => {
  const { alice, bob, charlie } = await company(t);
  assert.equal((await says(alice, '9.3-F1-send')).status, 200);
  for (const each of [bob, charlie]) assert.equal(await gets(each, 'Hello guys'), body('9.3-F3-send'));
});

test('9.4: a private message reaches Bob alone, and From must be of who sends it', async (t) => {
  const { alice, other, bob, charlie } = await company(t);
  assert.equal((await says(alice, '9.4-F1-send')).status, 403, 'F1 has not the From of F3');
  assert.equal((await says(other, '9.4-F1-send')).status, 200);
  assert.equal(await gets(bob, 'Hello Bob.'), body('9.4-F1-send'));
  assert.equal((await says(alice, '9.4-F3-send')).status, 200);
  assert.equal(await gets(bob, 'Hello Bob.'), body('9.4-F3-send'));
  await bob.says('thank you');
  await gets(charlie, 'thank you');
  assert.equal(charlie.msrp.messages.all.length, 1, 'what Bob has said aloud');
});

test('9.5: chunks as they are meant are one message; as they stand they are none', async (t) => {
  const { other, bob, charlie } = await company(t);
  assert.equal((await says(other, '9.5-chunk-1')).status, 400);
  const meant = (text: string): string =>
    text.replace('aft4to', 'meant4to').replaceAll('7443ruls', '7443rulz');
  const first = await says(other, '9.5-chunk-1', (text) =>
    meant(text).replace('\r\n-------7443rulz$', '\r\n\r\n-------7443rulz+').replace('1-*/174', '1-*/132'),
  );
  assert.equal(first.status, 200);
  const second = await says(other, '9.5-chunk-2', (text) =>
    meant(text).replaceAll('7443rulz', '7443rul2').replace('68-174/174', '59-132/132'),
  );
  assert.equal(second.status, 200);
  assert.equal(await gets(bob, 'Hello Bob'), `${body('9.5-chunk-1')}\r\n${body('9.5-chunk-2')}`);
  await bob.says('got it');
  await gets(charlie, 'got it');
  assert.equal(charlie.msrp.messages.all.length, 1, 'what Bob has said aloud');
});

test('9.6: the roster of the example is read', () => {
  const conference = new Conference();
  conference.apply(file('rfc7701/9.6-roster.xml'));
  assert.deepEqual(
    [...conference.people.values()].map(({ entity, nickname, displayText }) => [
      entity,
      nickname,
      displayText,
    ]),
    [
      ['sip:bob@example.com', 'Dopey Donkey', 'Bob Hoskins'],
      ['sip:alice@atlanta.example.com', 'Alice the great', 'Alice Kay'],
    ],
  );
  assert.deepEqual([conference.subject, conference.userCount], ['MSRP nickname example', 2]);
});
