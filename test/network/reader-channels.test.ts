/** How the reader enters channels, is refused, and asks who is there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '../../src/common/log.ts';
import { parseLine } from '../../src/irc/line.ts';
import { eventOf } from '../../src/irc/messages.ts';
import type { BridgedRoom } from '../../src/network/bridged-room.ts';
import { ReaderChannels } from '../../src/network/reader-channels.ts';
import { Rooms } from './rooms.ts';
import { outcomeText } from './talk.ts';

function stage(channels: readonly string[], ...tokens: string[]) {
  const rooms = new Rooms(undefined, ...tokens);
  const all = channels.map((channel) => rooms.add(channel));
  const sent: string[] = [];
  const capabilities = new Set<string>();
  let up = true;
  const link = {
    isupport: rooms.support,
    isOwn: (nick: string) => nick === 'parley',
    hasCapability: (name: string) => capabilities.has(name),
    send: (command: string, ...params: readonly string[]) => void sent.push([command, ...params].join(' ')),
  };
  const reader = new ReaderChannels({
    clock: rooms.clock,
    log: silentLog,
    rooms: () => rooms.rooms,
    listed: (room) => room.listed([], 'IRC is back'),
    support: () => rooms.support,
    link: () => (up ? link : undefined),
  });
  const [room] = all;
  assert.ok(room);
  return {
    rooms,
    room,
    reader,
    capabilities,
    hears: (...lines: string[]): boolean[] => {
      return lines.map((text) => {
        const line = parseLine(text);
        const event = line && eventOf(line, rooms.support);
        return event ? reader.event(event) : false;
      });
    },
    loses: (): void => {
      up = false;
      reader.stop();
    },
    sent: (...lines: string[]) => assert.deepEqual(sent.splice(0), lines),
  };
}

/** An INVITE: the reader is to be there, and the outcome is written down. */
function invited(reader: ReaderChannels, room: BridgedRoom): string[] {
  const outcomes: string[] = [];
  reader.join(room);
  room.whenRead((outcome) => outcomes.push(outcomeText(outcome)));
  return outcomes;
}

test('it enters all channels, asks who is there, and is in when the list is complete', () => {
  const { rooms, room, reader, hears, sent } = stage(['#a', '#b']);
  room.settings = { ...room.settings, key: 'secret' };
  reader.start();
  sent('JOIN #a secret', 'JOIN #b');
  assert.deepEqual(hears(':parley!p@h JOIN #A', ':ann!a@h JOIN #a'), [true, false]);
  assert.equal(room.reader, 'listing');
  hears(':s 366 parley #a :End');
  sent('WHO #a');
  hears(':s 315 parley #a :End');
  rooms.told('#a people', '#a up: IRC is back');
  hears(':s 315 parley #a :End', ':s 315 parley ann :End');
  rooms.told();
  assert.deepEqual(invited(reader, room), ['ok']);
  sent();
});

test('services accounts are asked for where there is WHOX', () => {
  const { reader, hears, sent } = stage(['#a'], 'WHOX');
  reader.start();
  hears(':parley!p@h JOIN #a', ':s 366 parley #a :End');
  sent('JOIN #a', 'WHO #a %tcuhnfa,152');
});

test('a list that does not come is done without in ten seconds', () => {
  const { rooms, reader, hears } = stage(['#a']);
  reader.start();
  hears(':parley!p@h JOIN #a');
  rooms.clock.advance(10_000);
  rooms.told('people', 'up: IRC is back');
});

test('a channel that it cannot enter: each INVITE gets the refusal, and is one JOIN', () => {
  const { rooms, room, reader, hears, sent } = stage(['#a']);
  reader.start();
  sent('JOIN #a');
  const first = invited(reader, room);
  const second = invited(reader, room);
  sent();
  assert.deepEqual(hears(':s 473 parley #a :invite only'), [true]);
  assert.deepEqual([first, second], [['closed: IRC says: invite only'], ['closed: IRC says: invite only']]);
  rooms.clock.advance(3_600_000);
  sent();
  const third = invited(reader, room);
  sent('JOIN #a');
  hears(':s 474 parley #a :banned');
  assert.deepEqual(third, ['banned: IRC says: banned']);
  assert.deepEqual(hears(':s 474 parley #a :banned'), [false], 'nothing is asked');
});

test('where the server has no room or no time now, it is tried again in a minute', () => {
  const { rooms, room, reader, hears, sent } = stage(['#a']);
  reader.start();
  hears(':s 471 parley #a :full');
  sent('JOIN #a');
  rooms.clock.advance(59_999);
  sent();
  rooms.clock.advance(1);
  sent('JOIN #a');
  hears(':s 437 parley #a :netsplit');
  rooms.clock.advance(30_000);
  invited(reader, room);
  sent('JOIN #a');
  hears(':s 471 parley #a :full');
  rooms.clock.advance(59_999);
  sent();
  rooms.clock.advance(1);
  sent('JOIN #a');
});

test('thrown out, it comes back after ten minutes, or when somebody joins before that', () => {
  const { rooms, room, reader, hears, sent } = stage(['#a']);
  reader.start();
  hears(':parley!p@h JOIN #a', ':s 366 parley #a :End', ':s 315 parley #a :End');
  sent('JOIN #a', 'WHO #a');
  assert.deepEqual(hears(':ann!a@h KICK #a parley :out'), [false], 'others are told of it too');
  room.left('the reader was kicked');
  rooms.clock.advance(9 * 60_000);
  sent();
  rooms.clock.advance(60_000);
  sent('JOIN #a');
  hears(':parley!p@h JOIN #a', ':s 315 parley #a :End', ':ann!a@h KICK #a parley :out');
  room.left('the reader was kicked');
  invited(reader, room);
  sent('JOIN #a');
  hears(':s 474 parley #a :banned');
  rooms.clock.advance(60 * 60_000);
  sent();
});

test('a room that ends is left, and not tried again', () => {
  const { rooms, room, reader, hears, sent } = stage(['#a']);
  reader.start();
  hears(':s 471 parley #a :full');
  rooms.clock.advance(60_000);
  sent('JOIN #a', 'JOIN #a');
  const waiting = invited(reader, room);
  reader.part(room, 'closed');
  sent('PART #a closed');
  assert.deepEqual(waiting, ['no-room: closed']);
  rooms.clock.advance(3_600_000);
  reader.part(room, 'closed');
  sent();
});

test('an answer that does not come in fifteen seconds is a no', () => {
  const { rooms, room, reader } = stage(['#a']);
  reader.start();
  rooms.clock.advance(10_000);
  const outcomes = invited(reader, room);
  rooms.clock.advance(5_000);
  assert.deepEqual(outcomes, ['unavailable: IRC does not let us in in time']);
});

test('the timers of a link end with it', () => {
  const { rooms, room, reader, loses, sent } = stage(['#a']);
  reader.start();
  sent('JOIN #a');
  loses();
  room.left('IRC is away');
  assert.equal(rooms.clock.pending, 0);
  reader.join(room);
  reader.part(room, 'x');
  sent();
});

test('forwarded to a channel that is none of ours: it leaves', () => {
  const { hears, sent } = stage(['#a']);
  hears(':parley!p@h JOIN ##a');
  sent('PART ##a not bridged');
});

test('who is away is asked for every half minute, where the server does not tell it and the channel is small', () => {
  const { rooms, room, reader, hears, sent, capabilities } = stage(['#a']);
  reader.start();
  hears(':parley!p@h JOIN #a', ':s 366 parley #a :End', ':s 315 parley #a :End');
  sent('JOIN #a', 'WHO #a');
  rooms.clock.advance(30_000);
  sent('WHO #a');
  for (let at = 0; at <= 100; at++) room.channel.add(`n${at}`, '', undefined);
  rooms.clock.advance(30_000);
  sent();
  room.channel.clear();
  capabilities.add('away-notify');
  rooms.clock.advance(90_000);
  sent();
});
