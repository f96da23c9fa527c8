/** Who gets which bytes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '../../src/common/log.ts';
import { Addresses } from '../../src/focus/addresses.ts';
import { CpimContent } from '../../src/focus/cpim-content.ts';
import type { Worth } from '../../src/focus/congestion.ts';
import type { Endpoint } from '../../src/focus/endpoint.ts';
import { Participants } from '../../src/focus/participants.ts';
import { Requests } from '../../src/focus/requests.ts';
import type { FocusState } from '../../src/focus/state.ts';
import { Switch } from '../../src/focus/switch.ts';
import { parseCpim } from '../../src/formats/cpim.ts';
import { MediaTypes } from '../../src/formats/media-type.ts';
import { MsrpEndpoint, type OutgoingMessage, type Settled } from '../../src/msrp/index.ts';
import { textContent } from '../../src/room/content.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { SETTINGS } from './stage.ts';

const ROOM = 'sip:lobby@chat.example.com';
const OTHER = 'sip:lobby@127.0.0.1';
const AT = Date.UTC(2026, 10, 24, 12);

/** A device that keeps what it gets. */
class Device {
  readonly got: OutgoingMessage[] = [];
  /** What its client answers to what is looked out for. */
  answer = 200;
  /** How often somebody looked out for an answer. */
  watched = 0;
  readonly id: string;
  readonly identity: { readonly id: string };
  readonly dialled: string;
  readonly types: MediaTypes | undefined;
  readonly takesPrivate: boolean;

  constructor(
    id: string,
    owner: string,
    { dialled = ROOM, types = ['*'] as string[] | null, takesPrivate = true } = {},
  ) {
    this.id = id;
    this.identity = { id: owner };
    this.dialled = dialled;
    this.types = types === null ? undefined : new MediaTypes(types);
    this.takesPrivate = takesPrivate;
  }

  follow(): void {}

  send(message: OutgoingMessage, _worth: Worth, settled?: Settled): boolean {
    this.got.push(message);
    if (!settled) return true;
    this.watched += 1;
    settled(this.answer, '');
    return true;
  }

  get bodies(): Buffer[] {
    return this.got.map(({ body }) => body);
  }
}

function hall(...devices: Device[]): { theSwitch: Switch; clock: FakeClock } {
  const clock = new FakeClock(AT);
  const msrp = new MsrpEndpoint({ clock, log: silentLog, maxMessageBytes: 65_536 });
  const participants = new Participants(() => msrp.fanOut());
  for (const device of devices) participants.add(device as unknown as Endpoint);
  const state: FocusState = {
    name: 'lobby',
    settings: SETTINGS,
    addresses: new Addresses({
      domain: 'chat.example.com',
      networks: () => ['local'],
      isRoomName: () => true,
    }),
    participants,
    requests: new Requests(() => 'r'),
    roster: { subject: '', active: true, size: 0, entries: () => [], entry: () => undefined },
    clock,
    log: silentLog,
    push: () => {},
  };
  return { theSwitch: new Switch(state), clock };
}

function wrapper({
  from = 'sip:alice@users.test',
  to = ROOM,
  type = 'text/plain',
  name = 'Alice',
} = {}): CpimContent {
  const head = `From: "${name}" <${from}>\r\nTo: "The Lobby" <${to}>\r\nX-Kept: \\u0041  odd\r\nDateTime: x\r\n\r\n`;
  return new CpimContent(Buffer.from(`${head}Content-type:  ${type}\n\nbody \u00e9\r\n.`));
}

const alice = { id: 'sip:alice@users.test', nick: 'alice' };
const anonymous = { id: 'sip:anonymous1@anonymous.invalid', nick: 'guest1' };
const ann = { id: 'ann[x]+local', nick: 'ann[x]' };

test('checklist 56, 62: the very bytes go to all devices but the one that they came from, as one object', () => {
  const phone = new Device('phone', alice.id);
  const tablet = new Device('tablet', alice.id);
  const bob = new Device('bob', 'sip:bob@users.test');
  const { theSwitch } = hall(phone, tablet, bob);
  const content = wrapper({ to: `${ROOM}:5060;transport=tcp` });
  theSwitch.deliver({ type: 'deliver', content, from: alice, origin: 'phone', at: undefined });
  assert.equal(phone.got.length, 0);
  assert.equal(bob.got[0]?.body, content.bytes);
  assert.equal(bob.got[0], tablet.got[0]);
  assert.deepEqual([bob.got[0]?.contentType, bob.got[0]?.failureReport], ['message/cpim', 'partial']);
});

test('who dialled another URI of the room finds it in To, and all else as it was; one object for each URI', () => {
  const devices = [ROOM, OTHER, ROOM, OTHER].map(
    (dialled, n) => new Device(`d${n}`, `sip:${n}@users.test`, { dialled }),
  );
  const { theSwitch } = hall(...devices);
  const content = wrapper();
  theSwitch.deliver({ type: 'deliver', content, from: alice, origin: undefined, at: undefined });
  assert.equal(devices[0]?.got[0], devices[2]?.got[0]);
  assert.equal(devices[1]?.got[0], devices[3]?.got[0]);
  assert.equal(
    devices[1]?.bodies[0]?.toString(),
    content.bytes.toString().replace(`<${ROOM}>`, `<${OTHER}>`),
  );
});

test('who asked for privacy is not named: From is written anew, in private too', () => {
  const bob = new Device('bob', 'sip:bob@users.test');
  const carol = new Device('carol', 'sip:carol@users.test', { dialled: OTHER });
  const { theSwitch } = hall(bob, carol);
  const content = wrapper();
  theSwitch.deliver({ type: 'deliver', content, from: anonymous, origin: undefined, at: undefined });
  const hidden = content.bytes
    .toString()
    .replace('"Alice" <sip:alice@users.test>', `"guest1" <${anonymous.id}>`);
  assert.equal(bob.bodies[0]?.toString(), hidden);
  assert.equal(carol.bodies[0]?.toString(), hidden.replace(`<${ROOM}>`, `<${OTHER}>`));
  const whisper = {
    type: 'whisper',
    content,
    from: anonymous,
    origin: undefined,
    to: ['sip:bob@users.test'],
    group: undefined,
    at: undefined,
  } as const;
  theSwitch.whisper(whisper);
  assert.equal(bob.bodies[1]?.toString(), hidden);
  const own = wrapper({ from: anonymous.id });
  theSwitch.deliver({ type: 'deliver', content: own, from: anonymous, origin: undefined, at: undefined });
  assert.equal(bob.bodies[2], own.bytes, 'it has hidden itself already');
});

test('what is signed or encrypted stays as it is for everybody', () => {
  const bob = new Device('bob', 'sip:bob@users.test', { dialled: OTHER });
  const { theSwitch } = hall(bob);
  for (const type of ['multipart/signed; micalg=sha-256', 'application/PKCS7-mime', 'multipart/encrypted']) {
    const content = wrapper({ type });
    theSwitch.deliver({ type: 'deliver', content, from: alice, origin: undefined, at: undefined });
    assert.equal(bob.bodies.at(-1), content.bytes, type);
  }
});

test('checklist 46, 57, 58: a device gets only what it takes, and nothing before its SDP is known', () => {
  const plain = new Device('plain', 'sip:p@users.test', { types: ['text/plain'] });
  const wild = new Device('wild', 'sip:w@users.test', { types: ['text/*', 'image/*'] });
  const early = new Device('early', 'sip:e@users.test', { types: null });
  const { theSwitch } = hall(plain, wild, early);
  for (const type of ['text/plain', 'text/html', 'image/png', 'application/pdf'])
    theSwitch.deliver({
      type: 'deliver',
      content: wrapper({ type }),
      from: alice,
      origin: undefined,
      at: undefined,
    });
  assert.deepEqual([plain.got.length, wild.got.length, early.got.length], [1, 3, 0]);
});

test('checklist 46: of what is made of parts a device must take each', () => {
  const whole = new Device('whole', 'sip:whole@users.test', { types: ['multipart/*', 'text/*'] });
  const plain = new Device('plain', 'sip:plain@users.test', {
    types: ['multipart/alternative', 'text/plain'],
  });
  const flat = new Device('flat', 'sip:flat@users.test', { types: ['text/plain', 'text/html'] });
  const { theSwitch } = hall(whole, plain, flat);
  const body = '--b\r\n\r\nplain\r\n--b\r\nContent-Type: text/html\r\n\r\n<b>rich</b>\r\n--b--';
  const head = `From: <${alice.id}>\r\nTo: <${ROOM}>\r\n\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n`;
  const content = new CpimContent(Buffer.from(head + body));
  theSwitch.deliver({ type: 'deliver', content, from: alice, origin: undefined, at: undefined });
  assert.deepEqual(
    [whole, plain, flat].map(({ got }) => got.length),
    [1, 0, 0],
  );
});

test("checklist 11, 67 to 71: a whisper reaches the devices that take it, and the author's others", () => {
  const phone = new Device('phone', alice.id);
  const tablet = new Device('tablet', alice.id);
  const bob = new Device('bob', 'sip:bob@users.test', { dialled: OTHER });
  const old = new Device('old', 'sip:bob@users.test', { takesPrivate: false });
  const carol = new Device('carol', 'sip:carol@users.test');
  const { theSwitch } = hall(phone, tablet, bob, old, carol);
  const content = wrapper({ to: 'sip:bob@users.test' });
  theSwitch.whisper({
    type: 'whisper',
    content,
    from: alice,
    origin: 'phone',
    to: ['sip:bob@users.test'],
    group: undefined,
    at: undefined,
  });
  assert.deepEqual(
    [phone, tablet, bob, old, carol].map(({ got }) => got.length),
    [0, 1, 1, 0, 0],
  );
  assert.equal(bob.bodies[0], content.bytes, 'To is not the room');
  assert.equal(tablet.got[0], bob.got[0]);
});

test('what is said on a network is written once for each URI of the room', () => {
  const devices = [ROOM, OTHER, ROOM].map(
    (dialled, n) => new Device(`d${n}`, `sip:${n}@users.test`, { dialled }),
  );
  const { theSwitch } = hall(...devices);
  const content = textContent({
    action: false,
    lines: [
      [
        { text: 'From: <x> "é"', style: {} },
        { text: '!', style: { bold: true } },
      ],
      [],
    ],
  });
  theSwitch.deliver({ type: 'deliver', content, from: ann, origin: undefined, at: AT + 1 });
  assert.equal(devices[0]?.got[0], devices[2]?.got[0]);
  const texts = devices.map(({ bodies }) => bodies[0]?.toString());
  const expected = (to: string): string =>
    `From: "ann[x]" <sip:ann%5Bx%5D+local@chat.example.com>\r\nTo: <${to}>\r\nDateTime: 2026-11-24T12:00:00.001Z\r\n\r\n` +
    'Content-Type: text/plain; charset=utf-8\r\n\r\nFrom: <x> "é"!\r\n';
  assert.deepEqual(texts, [ROOM, OTHER, ROOM].map(expected));
});

test('what is whispered on a network is to each, or to a group', () => {
  const bob = new Device('bob', 'sip:bob@users.test');
  const shy = new Device('shy', anonymous.id);
  const { theSwitch } = hall(bob, shy);
  const content = textContent({ action: true, lines: [[{ text: 'winks', style: {} }]] });
  const whisper = {
    type: 'whisper',
    content,
    from: ann,
    origin: undefined,
    to: [bob.identity.id, shy.identity.id],
    at: undefined,
  } as const;
  theSwitch.whisper({ ...whisper, group: undefined });
  theSwitch.whisper({ ...whisper, group: '@#lobby+local' });
  const to = (device: Device): string[] => device.bodies.map((body) => parseCpim(body).to[0]?.uri ?? '');
  assert.deepEqual(to(bob), ['sip:bob@users.test', 'sip:%40%23lobby+local@chat.example.com']);
  assert.deepEqual(to(shy), [anonymous.id, 'sip:%40%23lobby+local@chat.example.com']);
  assert.equal(parseCpim(bob.bodies[0] ?? Buffer.alloc(0)).body.toString(), '/me winks');
  assert.equal(bob.got[1], shy.got[1]);
});

test('the room speaks from itself to itself, to one or to all', () => {
  const bob = new Device('bob', 'sip:bob@users.test', { dialled: OTHER });
  const carol = new Device('carol', 'sip:carol@users.test', { types: ['image/png'] });
  const dora = new Device('dora', 'sip:dora@users.test');
  const { theSwitch } = hall(bob, carol, dora);
  theSwitch.tell({ type: 'tell', to: bob.identity.id, text: 'you\r\nthere' });
  theSwitch.tell({ type: 'tell', to: undefined, text: 'all' });
  assert.deepEqual(
    [bob, carol, dora].map(({ got }) => got.length),
    [2, 0, 1],
  );
  const { from, to, body } = parseCpim(bob.bodies[0] ?? Buffer.alloc(0));
  assert.deepEqual([from, to], [{ name: 'lobby', uri: OTHER }, [{ name: '', uri: OTHER }]]);
  assert.equal(body.toString(), 'you\r\nthere');
  assert.equal(theSwitch.announcementFor(carol, 'x'), undefined);
});

test('checklist 46, C1: who lists HTML and no plain text gets what is ours in HTML; what is of others it does not get', () => {
  const plain = new Device('plain', 'sip:plain@users.test', { types: ['text/plain', 'text/html'] });
  const rich = new Device('rich', 'sip:rich@users.test', { types: ['text/html'] });
  const blind = new Device('blind', 'sip:blind@users.test', { types: ['image/*'] });
  const { theSwitch } = hall(plain, rich, blind);
  const lines = [[{ text: 'a < b', style: { bold: true } }], [{ text: 'c', style: {} }]];
  const base = { from: ann, origin: undefined, at: AT } as const;
  theSwitch.deliver({ ...base, type: 'deliver', content: textContent({ action: true, lines }) });
  theSwitch.tell({ type: 'tell', to: undefined, text: 'IRC is away & gone' });
  theSwitch.announce('just you', [rich]);
  theSwitch.replay(rich, [{ id: 1, content: textContent({ action: false, lines }), from: ann, at: AT }]);
  theSwitch.deliver({ ...base, type: 'deliver', from: alice, content: wrapper() });
  const said = (device: Device): string[] =>
    device.bodies.map((bytes) => {
      const { contentType, body } = parseCpim(bytes);
      return `${contentType} ${body.toString()}`;
    });
  assert.equal(blind.got.length, 0);
  assert.equal(said(plain)[0], 'text/plain; charset=utf-8 /me a < b\r\nc');
  assert.deepEqual(said(rich), [
    'text/html; charset=utf-8 <html><body><span>/me </span><b>a &#60; b</b><br/><span>c</span></body></html>',
    'text/html; charset=utf-8 <html><body><span>IRC is away &#38; gone</span></body></html>',
    'text/html; charset=utf-8 <html><body><span>just you</span></body></html>',
    'text/html; charset=utf-8 <html><body><b>a &#60; b</b><br/><span>c</span></body></html>',
  ]);
});

test('who can be written to in private, but not in any form of text, is missed', () => {
  const rich = new Device('rich', 'sip:rich@users.test', { types: ['text/html'] });
  const blind = new Device('blind', 'sip:blind@users.test', { types: ['image/*'] });
  const { theSwitch } = hall(rich, blind);
  const content = textContent({ action: false, lines: [[{ text: 'psst', style: {} }]] });
  const to = [rich.identity.id, blind.identity.id];
  const missed = theSwitch.whisper({
    type: 'whisper',
    content,
    from: ann,
    origin: undefined,
    to,
    group: undefined,
    at: AT,
  });
  assert.deepEqual(missed, [blind.identity.id]);
  assert.equal(rich.got.length, 1);
});

const TYPING = 'application/im-iscomposing+xml';

test('checklist 102: who answers 415 gets no more of what says that somebody types, until its next SDP', () => {
  const glad = new Device('glad', 'sip:glad@users.test');
  const picky = new Device('picky', 'sip:picky@users.test', { types: ['text/*', 'application/*'] });
  const plain = new Device('plain', 'sip:plain@users.test', { types: ['text/plain'] });
  const tablet = new Device('tablet', alice.id);
  picky.answer = 415;
  const { theSwitch, clock } = hall(glad, picky, plain, tablet);
  const typing = wrapper({ type: TYPING });
  const deliver = {
    type: 'deliver',
    content: typing,
    from: alice,
    origin: undefined,
    at: undefined,
  } as const;
  const whisper = { ...deliver, type: 'whisper', to: [picky.identity.id], group: undefined } as const;
  const counts = (): number[] => [glad, picky, plain, tablet].map(({ got }) => got.length);
  theSwitch.deliver(deliver);
  assert.deepEqual(counts(), [1, 1, 0, 0]);
  theSwitch.deliver(deliver);
  theSwitch.whisper(whisper);
  assert.deepEqual(counts(), [2, 1, 0, 0]);
  clock.advance(60_000);
  theSwitch.deliver(deliver);
  assert.deepEqual(counts(), [3, 1, 0, 0], 'for as long as the description holds');
  theSwitch.deliver({ ...deliver, content: wrapper() });
  assert.deepEqual(counts(), [4, 2, 1, 1], 'of other types it gets all');
  theSwitch.deliver({ ...deliver, content: wrapper({ type: 'application/other' }) });
  assert.equal(picky.got.length, 3);
  const anew = new Device('picky', 'sip:picky@users.test');
  const second = hall(anew).theSwitch;
  second.whisper(whisper);
  assert.equal(anew.got.length, 1);
  assert.equal(glad.watched, 2, 'one at a time is watched');
});

test("checklist 102, 103: signals are for others: the author's own devices get none, unless they are addressed", () => {
  const phone = new Device('phone', alice.id);
  const tablet = new Device('tablet', alice.id);
  const bob = new Device('bob', 'sip:bob@users.test');
  const { theSwitch } = hall(phone, tablet, bob);
  const base = {
    content: wrapper({ type: 'message/imdn+xml' }),
    from: alice,
    origin: 'phone',
    at: undefined,
  };
  const whisper = { ...base, type: 'whisper', group: undefined } as const;
  theSwitch.deliver({ ...base, type: 'deliver' });
  theSwitch.whisper({ ...whisper, to: [bob.identity.id] });
  assert.deepEqual(
    [phone, tablet, bob].map(({ got }) => got.length),
    [0, 0, 2],
  );
  theSwitch.whisper({ ...whisper, to: [alice.id] });
  assert.deepEqual(
    [phone, tablet, bob].map(({ got }) => got.length),
    [0, 1, 2],
  );
});
