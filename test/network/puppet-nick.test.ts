/** The nick of a puppet: changes asked for and not, the default, and one that a ghost holds (design: decision 6). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ISupport } from '../../src/irc/isupport.ts';
import { NickShape } from '../../src/network/nicks.ts';
import { PuppetNick } from '../../src/network/puppet-nick.ts';
import { newcomer, Rooms } from './rooms.ts';

const id = 'sip:alice@users.test';

function stage(options: { template?: string; rooms?: string[]; anonymous?: boolean } = {}) {
  const rooms = new Rooms();
  const all = (options.rooms ?? ['#a']).map((channel) => rooms.add(channel));
  const sent: string[] = [];
  const told: string[] = [];
  const given: string[] = [];
  const taken = new Set<string>();
  const isupport = new ISupport();
  let template = options.template ?? '{nick}';
  let current = '';
  const link = {
    isupport,
    get nick() {
      return current;
    },
    get mask() {
      return { nick: current, user: 'u1', host: 'h' };
    },
    isOwn: (nick: string) => isupport.fold(nick) === isupport.fold(current),
    send: (command: string, ...params: readonly string[]) => void sent.push([command, ...params].join(' ')),
  };
  let up = true;
  const nick = new PuppetNick({
    clock: rooms.clock,
    newcomer: newcomer('alice', { anonymous: options.anonymous === true }),
    shape: () => new NickShape(template, 9),
    taken: (name) => taken.has(isupport.fold(name)),
    link: () => (up ? link : undefined),
    rooms: () => all,
    gaveUp: (name) => given.push(name),
    tell: (text) => told.push(text),
  });
  const [room] = all;
  assert.ok(room);
  return {
    rooms,
    nick,
    taken,
    room,
    logIn: (name: string): void => {
      up = true;
      current = name;
      nick.loggedIn(name);
    },
    loses: (): void => {
      up = false;
      nick.end();
    },
    /** The server changes our nick. */
    becomes: (name: string): void => {
      current = name;
      nick.changed(name);
    },
    refuses: (numeric: string, subject: string) =>
      nick.refused({ type: 'refused', numeric, subject, text: 'no' }),
    asks: (request: string, nickname?: string) => nick.rename(room, request, nickname),
    shapedAs: (other: string) => (template = other),
    sent: (...lines: string[]) => assert.deepEqual(sent.splice(0), lines),
    told: (...lines: string[]) => assert.deepEqual(told.splice(0), lines),
    gaveUp: (...nicks: string[]) => assert.deepEqual(given.splice(0), nicks),
  };
}

test('NICKNAME waits for the server: the change is done when NICK comes', () => {
  const { rooms, logIn, asks, becomes, sent, told, nick } = stage({ rooms: ['#a', '#b'] });
  logIn('alice');
  asks('r1', 'Queen');
  sent('NICK Queen');
  rooms.told();
  becomes('Queen');
  rooms.told('#a settled r1 ok Queen', `#b changed ${id}: nick Queen`);
  told();
  assert.equal(nick.nickname, 'Queen');
});

test('what the server says no to is the answer', () => {
  const { rooms, logIn, asks, refuses } = stage();
  logIn('alice');
  assert.equal(refuses('433', 'Queen'), false, 'nobody asked');
  asks('r1', 'Queen');
  assert.equal(refuses('404', '#a'), false);
  assert.equal(refuses('433', 'Queen'), true);
  rooms.told('settled r1 nickname-in-use: IRC says: no');
  asks('r2', 'Queen');
  refuses('432', 'Queen');
  rooms.told('settled r2 nickname-malformed: IRC says: no');
  asks('r3', 'Queen');
  assert.equal(refuses('437', '#a'), true, 'banned in a channel: no new nick');
  rooms.told('settled r3 nickname-in-use: IRC says: no');
});

test('no answer in ten seconds is a no; a NICK that comes later is told as one that the network chose', () => {
  const { rooms, logIn, asks, becomes, told } = stage();
  logIn('alice');
  asks('r1', 'Queen');
  rooms.clock.advance(9_999);
  rooms.told();
  rooms.clock.advance(1);
  rooms.told('settled r1 nickname-in-use: IRC does not answer');
  becomes('Queen');
  rooms.told(`changed ${id}: nick Queen`);
  told('you are Queen on IRC now');
});

test('not asked of the server: what cannot be a nick, what somebody in sight has, what we have', () => {
  const { rooms, logIn, asks, sent, taken } = stage();
  logIn('alice');
  taken.add('ann');
  asks('r1', 'Ännchen');
  asks('r2', 'ANN');
  asks('r3', 'alice');
  sent();
  rooms.told(
    'settled r1 nickname-malformed: Ännchen cannot be a nick on IRC',
    'settled r2 nickname-in-use: ANN is in use',
    'settled r3 ok alice',
  );
  taken.add('alice');
  asks('r4', 'ALICE');
  sent('NICK ALICE');
});

test('one change after the other, ten at most', () => {
  const { rooms, logIn, asks, becomes, refuses, sent } = stage();
  logIn('alice');
  for (let at = 1; at <= 11; at++) asks(`r${at}`, `n${at}`);
  rooms.told('settled r11 too-many: too many changes of the nick');
  sent('NICK n1');
  becomes('n1');
  sent('NICK n2');
  refuses('433', 'n2');
  sent('NICK n3');
  rooms.told('settled r1 ok n1', 'settled r2 nickname-in-use: IRC says: no');
});

test('without a link nothing can be changed, and what was asked is answered when it is lost', () => {
  const { rooms, logIn, asks, loses } = stage();
  logIn('alice');
  asks('r1', 'Queen');
  asks('r2', 'King');
  loses();
  asks('r3', 'Duke');
  rooms.told(
    'settled r1 unavailable: the connection to IRC is lost',
    'settled r2 unavailable: the connection to IRC is lost',
    'settled r3 unavailable: IRC cannot be reached now',
  );
});

test('the default nick: the first that the name gives, or what is nearest to it', () => {
  const { rooms, logIn, asks, becomes, refuses, sent, taken } = stage();
  logIn('alice');
  asks('r1', 'Queen');
  becomes('Queen');
  asks('r2');
  sent('NICK Queen', 'NICK alice');
  becomes('alice');
  asks('r3', 'Queen');
  becomes('Queen');
  taken.add('alice');
  asks('r4');
  sent('NICK Queen', 'NICK alice_');
  refuses('433', 'alice_');
  sent('NICK alice2');
  refuses('432', 'alice2');
  sent('NICK alice3');
  becomes('alice3');
  rooms.told('settled r1 ok Queen', 'settled r2 ok alice', 'settled r3 ok Queen', 'settled r4 ok alice3');
});

test('the nick is ours under any change that is on its way, also a while after it', () => {
  const { rooms, logIn, asks, becomes, nick } = stage();
  logIn('alice');
  asks('r1', 'Queen');
  assert.deepEqual([nick.is('ALICE'), nick.is('queen'), nick.is('ann')], [true, true, false]);
  becomes('Queen');
  assert.deepEqual([nick.is('alice'), nick.is('queen')], [true, true]);
  rooms.clock.advance(20_000);
  assert.deepEqual([nick.is('alice'), nick.is('queen')], [false, true]);
});

test('a nick that services force on us is told to the rooms and to its owner', () => {
  const { rooms, logIn, becomes, told } = stage({ rooms: ['#a', '#b'], template: '{nick}|s' });
  logIn('alice|s');
  becomes('Guest4711');
  rooms.told(`#a changed ${id}: nick Guest4711`, `#b changed ${id}: nick Guest4711`);
  told('you are Guest4711 on IRC now');
});

test('rooms see the bare nick; a new shape holds from the next nick on', () => {
  const { logIn, asks, becomes, nick, shapedAs, rooms, sent } = stage({ template: '{nick}|s' });
  logIn('alice|s');
  assert.equal(nick.nickname, 'alice');
  shapedAs('x-{nick}');
  assert.equal(nick.nickname, 'alice');
  asks('r1', 'Queen');
  sent('NICK x-Queen');
  becomes('x-Queen');
  rooms.told('settled r1 ok Queen');
});

test('logging in again: first the nick that we had, whoever seems to have it', () => {
  const { nick, logIn, loses, taken } = stage();
  assert.equal(nick.toLogIn().next().value, 'alice');
  taken.add('alice');
  assert.equal(nick.toLogIn().next().value, 'alice_');
  logIn('Queen');
  loses();
  taken.add('queen');
  const [first, second] = nick.toLogIn();
  assert.deepEqual([first, second], ['Queen', 'alice_']);
});

test('back under another nick since a ghost of ours has it: asked for again when that leaves, once', () => {
  const { nick, rooms, logIn, loses, refuses, sent, told, becomes, gaveUp } = stage();
  logIn('alice');
  gaveUp();
  loses();
  logIn('alice_');
  gaveUp('alice');
  rooms.told(`changed ${id}: nick alice_`);
  told('you are alice_ on IRC now');
  nick.freed({ nick: 'bob', user: 'u1', host: 'h' });
  nick.freed({ nick: 'alice', user: 'someone', host: 'else' });
  sent();
  nick.freed({ nick: 'Alice', user: 'u1', host: 'h' });
  sent('NICK alice');
  becomes('alice');
  rooms.told(`changed ${id}: nick alice`);
  told('you are alice on IRC now');

  loses();
  logIn('alice_');
  nick.freed({ nick: 'alice', user: 'u1', host: 'h' });
  refuses('433', 'alice');
  nick.freed({ nick: 'alice', user: 'u1', host: 'h' });
  sent('NICK alice');
});

test('so for somebody new whose nick a ghost of an earlier process holds; not when another nick was chosen meanwhile', () => {
  const { nick, logIn, asks, becomes, sent } = stage();
  logIn('alice_');
  asks('r1', 'Queen');
  becomes('Queen');
  sent('NICK Queen');
  nick.freed({ nick: 'alice', user: 'u1', host: 'h' });
  sent();

  const other = stage();
  other.logIn('alice_');
  other.told();
  other.nick.freed({ nick: 'alice', user: 'u1', host: 'h' });
  other.sent('NICK alice');
});

test('not for those who asked for privacy: they all look alike', () => {
  const { nick, logIn, sent } = stage({ anonymous: true });
  logIn('guest2');
  nick.freed({ nick: 'guest1', user: 'u1', host: 'h' });
  sent();
});
