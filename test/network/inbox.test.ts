/** What IRC users write to puppets (research: mapping, table 1). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '../../src/common/log.ts';
import { formatLine } from '../../src/irc/line.ts';
import { Inbox, type Addressee } from '../../src/network/inbox.ts';
import { Memberships } from '../../src/network/memberships.ts';
import { People } from '../../src/network/people.ts';
import type { BridgedRoom } from '../../src/network/bridged-room.ts';
import { Rooms } from './rooms.ts';

const alice = 'sip:alice@users.test';
const HOUR = 3_600_000;

function stage(...channels: string[]) {
  const rooms = new Rooms();
  const all = channels.map((channel) => rooms.add(channel));
  const people = new People('net', (name) => rooms.support.fold(name));
  const sent: string[] = [];
  const memberships = new Memberships({
    clock: rooms.clock,
    participant: alice,
    nickname: () => 'alice',
    part: () => {},
    empty: () => {},
  });
  const puppet: Addressee = {
    participant: alice,
    nickname: 'alice',
    nick: 'alice|s',
    memberships,
    link: {
      isOwn: (nick) => nick.toLowerCase() === 'alice|s',
      send: (command, ...params) => void sent.push(formatLine(command, ...params)),
    },
  };
  const inbox = new Inbox({
    network: 'net',
    clock: rooms.clock,
    log: silentLog,
    people,
    room: (channel) => rooms.find(channel),
    puppetOf: ({ nick }) =>
      nick === 'bob|s' ? { participant: 'sip:bob@users.test', nickname: 'bob' } : undefined,
    ignored: ({ nick }) => nick === 'pest',
    version: 'Parley 1',
  });
  for (const room of all) {
    memberships.admit(room, 'r');
    memberships.joined(room);
  }
  return {
    rooms,
    all,
    inbox,
    puppet,
    people,
    memberships,
    /** The reader sees somebody in channels. */
    sees: (nick: string, ...where: (BridgedRoom | undefined)[]): void => {
      people.see({ nick, user: nick, host: 'h' }, rooms.clock.now());
      for (const room of where) room?.channel.add(nick, '', undefined);
    },
    writes: (
      nick: string,
      text: string,
      more: { notice?: boolean; target?: string; status?: string; time?: number } = {},
    ): void => {
      inbox.message(puppet, {
        type: 'message',
        who: { nick, user: nick.includes('.') ? '' : nick, host: 'h' },
        target: 'alice|s',
        status: '',
        text,
        notice: false,
        account: undefined,
        time: undefined,
        batch: undefined,
        ...more,
      });
    },
    sent: (...lines: string[]) => assert.deepEqual(sent.splice(0), lines),
  };
}

/** Lets the joins of the beginning be forgotten. */
function quiet(scene: ReturnType<typeof stage>): ReturnType<typeof stage> {
  const many = scene.all.length > 1;
  scene.rooms.told(
    ...scene.all.map(({ settings }) => `${many ? `${settings.channel} ` : ''}settled r ok alice`),
  );
  return scene;
}

test('it comes to the first room that both are in', () => {
  const scene = quiet(stage('#b', '#a', '#c'));
  const [b, a] = scene.all;
  scene.sees('ann', b, a);
  scene.writes('ann', 'psst');
  scene.rooms.told(`#a whispered ann+net=ann to ${alice}: psst`);
  scene.writes('ann', '\x01ACTION waves\x01');
  scene.rooms.told(`#a whispered ann+net=ann to ${alice}: * waves`);
  scene.writes('ann', 'a notice', { notice: true });
  scene.rooms.told(`#a whispered ann+net=ann to ${alice}: a notice`);
  scene.sent();
});

test('or to the one in which they talked last, also when the sender has left it', () => {
  const scene = quiet(stage('#a', '#b'));
  const [a, b] = scene.all;
  scene.sees('ann', a, b);
  assert.ok(b);
  scene.inbox.talked(alice, 'ann+net', b);
  a?.channel.remove('ann');
  b.channel.remove('ann');
  scene.writes('ann', 'psst');
  scene.rooms.told(`#b whispered ann+net=ann to ${alice}: psst`);
});

test('a stranger is told once an hour that it does not come; nothing is said to a NOTICE or a server', () => {
  const scene = quiet(stage('#a'));
  scene.writes('eve', 'psst', { notice: true });
  scene.writes('irc.test', 'psst');
  scene.sent();
  scene.writes('eve', 'psst');
  scene.writes('EVE', 'psst');
  scene.sent(
    'NOTICE eve :alice can be written to only by people in the same channel; this was not delivered',
  );
  scene.rooms.clock.advance(HOUR - 1);
  scene.writes('eve', 'psst');
  scene.sent();
  scene.rooms.clock.advance(1);
  scene.writes('eve', 'psst');
  scene.sent(
    'NOTICE eve :alice can be written to only by people in the same channel; this was not delivered',
  );
  scene.rooms.told();
});

test('to a participant whose session was lost, while its puppet stays: a NOTICE says so', () => {
  const scene = quiet(stage('#a'));
  const [a] = scene.all;
  assert.ok(a);
  scene.sees('ann', a);
  scene.memberships.release(a, 30_000, 'lost');
  scene.writes('ann', 'psst', { notice: true });
  scene.sent();
  scene.writes('ann', 'psst');
  scene.writes('ann', 'psst');
  scene.sent('NOTICE ann :alice has lost the connection just now; this was not delivered');
  scene.rooms.told();
});

test('to a participant that takes no private messages: the sender is told once an hour', () => {
  const scene = quiet(stage('#a'));
  scene.sees('ann', scene.all[0]);
  scene.writes('ann', 'psst');
  scene.inbox.unheard(scene.puppet, 'ann+net');
  scene.inbox.unheard(scene.puppet, 'ann+net');
  scene.inbox.unheard(scene.puppet, 'nobody+net');
  scene.sent('NOTICE ann :alice cannot take private messages');
  scene.rooms.clock.advance(HOUR);
  scene.writes('ann', 'psst', { notice: true });
  scene.inbox.unheard(scene.puppet, 'ann+net');
  scene.sent();
});

test('a message to the operators comes as one of them, to the room of that channel', () => {
  const scene = quiet(stage('#a', '#b'));
  scene.sees('ann', scene.all[0]);
  scene.writes('ann', 'ops!', { target: '#B', status: '@' });
  scene.rooms.told(`#b whispered ann+net=ann to ${alice} as @#b+net: ops!`);
  scene.writes('ann', 'ops!', { target: '#c', status: '@' });
  scene.rooms.told();
});

test('what is to somebody else, or to a channel, is none of it', () => {
  const scene = quiet(stage('#a'));
  scene.sees('ann', scene.all[0]);
  scene.writes('ann', 'x', { target: '#a' });
  scene.writes('ann', 'x', { target: 'alice' });
  scene.writes('ann', '\x02\x0f ');
  scene.rooms.told();
  scene.sent();
});

test('who is ignored is not delivered, and gets silence', () => {
  const scene = quiet(stage('#a'));
  scene.writes('pest', 'a stranger');
  scene.writes('pest', '\x01VERSION\x01');
  scene.sees('pest', scene.all[0]);
  scene.writes('pest', 'psst');
  scene.writes('pest', 'psst', { notice: true });
  scene.writes('pest', 'ops!', { target: '#a', status: '@' });
  scene.rooms.told();
  scene.sent();
});

test('another participant’s puppet is that participant', () => {
  const scene = quiet(stage('#a'));
  scene.all[0]?.channel.add('bob', '', undefined);
  scene.writes('bob|s', 'psst');
  scene.rooms.told(`whispered sip:bob@users.test=bob to ${alice}: psst`);
});

test('somebody whom the reader does not see is not here afterwards', () => {
  const scene = quiet(stage('#a'));
  scene.writes('eve', 'psst');
  assert.equal(scene.people.called('eve'), undefined);
  assert.equal(scene.people.nickOf('eve+net'), 'eve');
});

test('programs are answered, one question in five seconds; a NOTICE never', () => {
  const scene = quiet(stage('#a'));
  scene.writes('eve', '\x01VERSION\x01', { notice: true });
  scene.writes('eve', '\x01DCC SEND x\x01');
  scene.sent();
  scene.writes('eve', '\x01version\x01');
  scene.writes('eve', '\x01PING 1\x01');
  scene.sent('NOTICE eve :\x01VERSION Parley 1\x01');
  scene.rooms.clock.advance(5_000);
  scene.writes('eve', `\x01PING ${'1'.repeat(300)}\x01`);
  scene.sent(`NOTICE eve :\x01PING ${'1'.repeat(100)}\x01`);
  scene.rooms.told();
});

test('a time in the future is now', () => {
  const scene = stage('#a');
  const room = scene.all[0];
  assert.ok(room);
  const at: number[] = [];
  const push = room.push.bind(room);
  room.push = (input) => {
    if (input.type === 'whispered') at.push(input.at - scene.rooms.clock.now());
    push(input);
  };
  scene.sees('ann', room);
  scene.writes('ann', 'x', { time: scene.rooms.clock.now() + 5_000 });
  scene.writes('ann', 'x', { time: scene.rooms.clock.now() - 5_000 });
  scene.writes('ann', 'x', { time: scene.rooms.clock.now() + 5_000, target: '#a', status: '@' });
  assert.deepEqual(at, [0, -5_000, 0]);
});
