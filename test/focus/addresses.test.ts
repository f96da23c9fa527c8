import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Addresses, sameBareUri } from '../../src/focus/addresses.ts';

const addresses = new Addresses({
  domain: 'chat.example.com',
  networks: () => ['local', 'libera.chat'],
  isRoomName: (name) => name === 'lobby',
});
const HERE = 'sip:lobby@chat.example.com';

test('what is written is read back: the same person, whatever its nick', () => {
  const nick = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
  const network = fc.constantFrom('local', 'libera.chat');
  fc.assert(
    fc.property(nick, network, fc.option(fc.nat({ max: 99 })), (name, net, number) => {
      const id = `${name}${number === null ? '' : `;${number}`}+${net}`;
      const uri = addresses.person(id);
      assert.match(uri, /^sip:[^\s<>"@]+@chat\.example\.com$/);
      assert.equal(addresses.recipient(uri, HERE).id, id);
      assert.equal(addresses.recipient(`${uri};transport=tcp`, HERE).id, id);
    }),
  );
});

const recipients: readonly [uri: string, id: string, nick: string | undefined][] = [
  ['sip:ann+local@chat.example.com', 'ann+local', 'ann'],
  ['sip:ann+local@CHAT.example.com:5060;transport=tcp', 'ann+local', 'ann'],
  ['sip:ann;2+local@chat.example.com', 'ann;2+local', 'ann'],
  ['sip:%5Bx%5D+local@chat.example.com', '[x]+local', '[x]'],
  ['sip:[x]+local@chat.example.com', '[x]+local', '[x]'],
  ['sip:a+b+libera.chat@chat.example.com', 'a+b+libera.chat', 'a+b'],
  ['sip:%40%23dev+local@chat.example.com', '@#dev+local', '@#dev'],
  ['sip:ann+local@users.test', 'sip:ann+local@users.test', undefined],
  ['sip:ann+elsewhere@chat.example.com', 'sip:ann+elsewhere@chat.example.com', undefined],
  ['sip:Bob@Users.Test;transport=tcp', 'sip:Bob@users.test', undefined],
  ['sip:%62ob@users.test', 'sip:bob@users.test', undefined],
  ['tel:+15551234', 'tel:+15551234', undefined],
  ['no address', 'no address', undefined],
];

for (const [uri, id, nick] of recipients) {
  test(`a message to ${uri} is for ${id}`, () => {
    assert.deepEqual(addresses.recipient(uri, HERE), { id, nick });
  });
}

test('the host that somebody dialled names us too', () => {
  const dialled = 'sip:lobby@127.0.0.1';
  assert.deepEqual(addresses.recipient('sip:ann+local@127.0.0.1', dialled), { id: 'ann+local', nick: 'ann' });
  assert.equal(addresses.recipient('sip:ann+local@127.0.0.1', HERE).nick, undefined);
});

const rooms: readonly [uri: string, dialled: string, isRoom: boolean][] = [
  [HERE, HERE, true],
  ['sip:lobby@chat.example.com:5060;transport=tcp', HERE, true],
  ['sips:l%6Fbby@CHAT.EXAMPLE.COM', HERE, true],
  ['sip:lobby@127.0.0.1', HERE, false],
  ['sip:lobby@127.0.0.1', 'sip:lobby@127.0.0.1', true],
  ['sip:Lobby@chat.example.com', HERE, false],
  ['sip:tea@chat.example.com', HERE, false],
  ['tel:lobby', HERE, false],
];

for (const [uri, dialled, isRoom] of rooms) {
  test(`${uri} is ${isRoom ? '' : 'not '}the room, for who dialled ${dialled}`, () => {
    assert.equal(addresses.isRoom(uri, 'lobby', dialled), isRoom);
  });
}

const dials: readonly [to: string, requestUri: string, dialled: string][] = [
  ['sip:lobby@127.0.0.1', 'sip:lobby@127.0.0.1:5060;transport=tcp', 'sip:lobby@127.0.0.1'],
  ['sip:lobby@LocalHost:5070', 'sip:lobby@127.0.0.1', 'sip:lobby@localhost'],
  ['sip:meeting@pbx.test', 'sip:lobby@127.0.0.1:5060', 'sip:lobby@127.0.0.1'],
  ['sip:lobby@[2001:db8::1]:5060', 'sip:lobby@[2001:db8::1]', 'sip:lobby@[2001:db8::1]'],
  ['tel:123', 'nonsense', HERE],
];

for (const [to, requestUri, dialled] of dials) {
  test(`who calls ${to} at ${requestUri} knows the room as ${dialled}`, () => {
    assert.equal(addresses.dialled('lobby', { to: { uri: to }, requestUri }), dialled);
  });
}

test('nobody may have an address that looks like a room or like somebody on a network', () => {
  for (const uri of [
    HERE,
    'sip:lobby@chat.example.com:9',
    'sips:ann+local@chat.example.com',
    'sip:+local@chat.example.com',
  ])
    assert.equal(addresses.isReserved(uri, HERE), true, uri);
  for (const uri of [
    'sip:lobby@users.test',
    'sip:ann+local@users.test',
    'sip:ann@chat.example.com',
    'tel:+1',
  ])
    assert.equal(addresses.isReserved(uri, HERE), false, uri);
  assert.equal(addresses.isReserved('sip:lobby@127.0.0.1', 'sip:lobby@127.0.0.1'), true);
});

test('ports and parameters do not make another room', () => {
  assert.equal(sameBareUri(HERE, 'sip:lobby@chat.example.com:5060;transport=tcp'), true);
  assert.equal(sameBareUri(HERE, 'sip:lobby@127.0.0.1'), false);
  assert.equal(sameBareUri('tel:1', 'tel:1'), false);
});

test('a domain may be an IPv6 address', () => {
  const six = new Addresses({ domain: '[2001:db8::1]', networks: () => ['local'], isRoomName: () => false });
  assert.equal(six.room('lobby'), 'sip:lobby@[2001:db8::1]');
  assert.equal(six.recipient(six.person('ann+local'), 'sip:x@y').id, 'ann+local');
});
