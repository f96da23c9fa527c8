import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { matchesAny } from '../../src/focus/address-patterns.ts';
import { Addresses } from '../../src/focus/addresses.ts';
import { type Admission, admit, newcomerOf } from '../../src/focus/admission.ts';
import { Identities } from '../../src/focus/identities.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { SETTINGS } from './stage.ts';

const HERE = 'sip:lobby@chat.example.com';

function door(settings: { allow?: string[]; deny?: string[] } = {}) {
  const clock = new FakeClock();
  const identities = new Identities(clock);
  const addresses = new Addresses({
    domain: 'chat.example.com',
    networks: () => ['local'],
    isRoomName: (name) => name === 'lobby',
  });
  const comes = (
    uri: string,
    { host = '192.0.2.1', anonymous = false, displayName = '', dialled = HERE } = {},
  ): Admission =>
    admit({ from: { uri, displayName }, source: { transport: 'tcp', host, port: 1 }, anonymous }, dialled, {
      addresses,
      identities,
      settings: { ...SETTINGS, ...settings },
    });
  return { comes, clock };
}

function admitted(admission: Admission): Extract<Admission, { ok: true }> {
  assert.ok(admission.ok);
  return admission;
}

test('who comes in is known by its address', () => {
  const { identity } = admitted(door().comes('sip:al%0D%0Aice@users.test', { displayName: 'Alice' }));
  assert.deepEqual(newcomerOf(identity, '192.0.2.1'), {
    id: 'sip:al%0D%0Aice@users.test',
    displayName: 'Alice',
    userName: 'alice',
    address: 'sip:al%0D%0Aice@users.test',
    anonymous: false,
    host: '192.0.2.1',
  });
  assert.equal(admitted(door().comes('tel:+15551234;ext=1')).identity.userName, '+15551234');
});

const refused: readonly [what: string, uri: string, reason: RegExp][] = [
  ['no user', 'sip:users.test', /names no user/],
  ['another kind of address', 'mailto:alice@users.test', /names no user/],
  ['no telephone number', 'tel:alice', /names no user/],
  ['the room', HERE, /not yours/],
  ['somebody on a network', 'sip:ann+local@chat.example.com', /not yours/],
];

for (const [what, uri, reason] of refused) {
  test(`refused: ${what}`, () => {
    const admission = door().comes(uri);
    assert.ok(!admission.ok);
    assert.match(admission.reason, reason);
  });
}

test('contract: deny is looked at before allow', () => {
  const { comes } = door({ allow: ['*@users.test', 'sip:guest@*'], deny: ['*bad*', 'sip:Mallory@*'] });
  for (const uri of [
    'sip:alice@users.test',
    'sip:alice@users.test:5061',
    'sips:alice@users.test',
    'sip:guest@x.test',
  ])
    assert.equal(comes(uri).ok, true, uri);
  for (const uri of [
    'sip:bob@evil.test',
    'sip:badboy@users.test',
    'sip:mallory@users.test',
    'sips:guest@x.test',
  ])
    assert.equal(comes(uri).ok, false, uri);
});

test('contract: deny holds however an address is written; allow as it stands', () => {
  const { comes } = door({ deny: ['sip:mallory@users.test', 'tel:+12015550123'] });
  for (const uri of ['sips:mallory@users.test', 'sip:mallory@users.test:5070', 'tel:+1-201-555-0123'])
    assert.equal(comes(uri).ok, false, uri);
  assert.equal(comes('sips:alice@users.test').ok, true);
});

test('contract: deny holds however it is written itself', () => {
  const { comes } = door({ deny: ['sips:mallory@users.test', 'im:eve@users.test', 'tel:+1-201-555-0123'] });
  for (const uri of [
    'sip:mallory@users.test',
    'sips:mallory@users.test',
    'sip:eve@users.test',
    'tel:+12015550123',
    'tel:+1(201)555-0123',
  ])
    assert.equal(comes(uri).ok, false, uri);
  assert.equal(comes('sip:alice@users.test').ok, true);
});

test('contract: a second device comes from where the first is, or it is refused', () => {
  const { comes } = door();
  const phone = admitted(comes('sip:alice@users.test'));
  assert.equal(comes('sip:alice@users.test', { host: '192.0.2.2' }).ok, false);
  const tablet = admitted(comes('sip:alice@users.test'));
  assert.equal(comes('sip:alice@users.test', { host: '192.0.2.2', anonymous: true }).ok, false);
  phone.claim.release();
  phone.claim.release();
  assert.equal(comes('sip:alice@users.test', { host: '192.0.2.2' }).ok, false);
  tablet.claim.move('192.0.2.3');
  assert.equal(comes('sip:alice@users.test').ok, false, 'it has moved');
  const watch = admitted(comes('sip:alice@users.test', { host: '192.0.2.3' }));
  tablet.claim.release();
  watch.claim.release();
  assert.equal(comes('sip:alice@users.test', { host: '192.0.2.2' }).ok, true);
});

test('checklist 91: an anonymous name stays while its owner stays, and a while longer', () => {
  const { comes, clock } = door();
  const hides = (uri: string): Extract<Admission, { ok: true }> =>
    admitted(comes(uri, { anonymous: true, displayName: 'Al' }));
  const phone = hides('sip:alice@users.test');
  assert.deepEqual(phone.identity, {
    id: 'sip:anonymous1@anonymous.invalid',
    address: 'sip:alice@users.test',
    anonymous: true,
    displayName: '',
    userName: '',
  });
  assert.equal(hides('sip:bob@users.test').identity.id, 'sip:anonymous2@anonymous.invalid');
  const tablet = hides('sip:alice@users.test');
  assert.equal(tablet.identity.id, phone.identity.id);
  phone.claim.release();
  tablet.claim.release();
  clock.advance(5 * 60_000);
  const back = hides('sip:alice@users.test');
  assert.equal(back.identity.id, phone.identity.id);
  clock.advance(60 * 60_000);
  back.claim.release();
  clock.advance(10 * 60_000);
  assert.equal(hides('sip:alice@users.test').identity.id, 'sip:anonymous3@anonymous.invalid');
});

test('two who come with an address that names nobody are two people, from anywhere', () => {
  const { comes } = door();
  const uri = 'sip:anonymous@anonymous.invalid';
  const ids = ['192.0.2.1', '192.0.2.2', '192.0.2.1'].map(
    (host) => admitted(comes(uri, { anonymous: true, host })).identity.id,
  );
  assert.equal(new Set(ids).size, 3);
});

const patterns: readonly [pattern: string, address: string, matches: boolean][] = [
  ['*', 'tel:+1', true],
  ['*@users.test', 'sip:a@users.test', true],
  ['*@users.test', 'sip:a@other.users.test', false],
  ['*@*.users.test', 'sip:a@other.users.test', true],
  ['a@users.test', 'sip:a@users.test', true],
  ['sip:a@users.test', 'sip:a@users.test', true],
  ['sip:a@users.test', 'sip:a@users.test:5070', true],
  ['sip:a@users.test:5070', 'sip:a@users.test', false],
  ['A*B*C', 'sip:abc', true],
  ['a*bc*c', 'sip:abc', false],
  ['', 'sip:a', false],
  ['tel:+1*', 'tel:+1555', true],
];

for (const [pattern, address, matches] of patterns) {
  test(`the pattern "${pattern}" ${matches ? 'matches' : 'does not match'} ${address}`, () => {
    assert.equal(matchesAny(address, [pattern]), matches);
  });
}

test('a pattern made of an address by stars matches the address', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[a-z0-9.]{1,20}$/),
      fc.stringMatching(/^[a-z0-9.]{1,20}$/),
      fc.array(fc.nat(50)),
      (user, host, cuts) => {
        const uri = `sip:${user}@${host}`;
        const pattern = Array.from(uri, (character) => character)
          .map((character, at) => (cuts.includes(at) ? '*' : character))
          .join('');
        assert.equal(matchesAny(uri, [pattern]), true);
      },
    ),
  );
});
