/** What the reader hears, as inputs of the rooms: lines of IRC in, short lines of inputs out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLine } from '../../src/irc/line.ts';
import { eventOf } from '../../src/irc/messages.ts';
import { BridgedRooms } from '../../src/network/bridged-rooms.ts';
import type { Voice } from '../../src/network/channel.ts';
import { People } from '../../src/network/people.ts';
import { Reading } from '../../src/network/reading.ts';
import { Speaker } from '../../src/network/speaker.ts';
import { Rooms } from './rooms.ts';

/** A puppet that hears what it is waiting for. */
class FakeVoice implements Voice {
  readonly participant = 'sip:alice@users.test';
  readonly nickname = 'alice';
  readonly waitsFor = new Set<string>();
  readonly unheard: string[] = [];
  heard(_channel: string, text: string): boolean {
    return this.waitsFor.delete(text);
  }
  notHeard(channel: string): void {
    this.unheard.push(channel);
  }
}

class Scene extends Rooms {
  readonly people = new People('net', (name) => this.support.fold(name));
  readonly alice = new FakeVoice();
  readonly bridged = new BridgedRooms(() => (name) => this.support.fold(name));
  readonly reading = new Reading({
    clock: this.clock,
    rooms: this.bridged,
    people: this.people,
    // Known by its nick in another case too; with a mask only by the right one.
    puppetOf: ({ nick, host }) =>
      this.support.fold(nick) === 'alice|s' && (host === undefined || host === 'ours')
        ? this.alice
        : undefined,
    ignored: ({ nick }) => nick === 'pest',
  });

  /** The reader, `parley`, is in these channels, and everybody there is listed. */
  constructor(...channels: string[]) {
    super();
    this.reading.of({
      support: this.support,
      speaker: new Speaker(this.clock),
      isOwn: (nick) => this.support.fold(nick) === 'parley',
    });
    for (const channel of channels) this.enter(channel);
    this.told(
      ...channels.flatMap((name) => ['people', 'up: IRC is back'].map((text) => this.#named(name, text))),
    );
  }

  enter(channel: string): void {
    const room = this.find(channel) ?? this.add(channel);
    this.bridged.add(room);
    room.entering({ timeout: 15_000, late: () => {} });
    room.entered({ timeout: 10_000, done: () => this.reading.listed(room) });
  }

  /** The list of a channel is complete. */
  lists(channel: string, ...lines: string[]): void {
    this.hears(...lines);
    const room = this.find(channel);
    if (room) this.reading.listed(room);
  }

  hears(...lines: string[]): void {
    for (const text of lines) {
      const line = parseLine(text);
      const event = line && eventOf(line, this.support);
      if (event) this.reading.event(event);
    }
  }

  #named(channel: string, text: string): string {
    return this.rooms.length > 1 ? `${channel} ${text}` : text;
  }
}

/** The reader is in the channels and has seen who was there. */
function inside(...channels: string[]): Scene {
  const scene = new Scene();
  for (const channel of channels) scene.add(channel);
  for (const channel of channels) {
    scene.enter(channel);
    scene.lists(channel);
  }
  const named = (channel: string): string => (channels.length > 1 ? `${channel} ` : '');
  scene.told(...channels.flatMap((name) => [`${named(name)}people`, `${named(name)}up: IRC is back`]));
  return scene;
}

test('NAMES and WHO make the list; it is told when it is complete, without us and the puppets', () => {
  const scene = new Scene();
  scene.enter('#a');
  scene.hears(
    ':s 332 me #a :te\x02a',
    ':s 353 me = #a :parley @ann +bob',
    ':s 353 me = #a :cyd @alice|s',
    ':dan!d@h JOIN #a',
    ':s 352 me #a a h s ann G@ :0 Ann',
    ':s 354 me 152 #a b h bob H+ acc',
    ':ann!a@h PRIVMSG #a :early',
  );
  scene.told('topic tea', 'heard ann+net=ann: early');
  scene.lists('#a');
  scene.told(
    'people ann+net=ann operator away, bob+net=bob voice, cyd+net=cyd, dan+net=dan',
    'up: IRC is back',
    `changed ${scene.alice.participant}: roles [operator]`,
  );
  scene.hears(':s 353 me = #a :eve', ':eve!e@h PART #a');
  scene.told();
});

test('people come, go, are kicked, quit, and are called something else', () => {
  const scene = inside('#a', '#b');
  scene.hears(':ann!a@h JOIN #a', ':ann!a@h JOIN #b', ':bob!b@h JOIN #a acc :Bob');
  scene.told('#a arrived ann+net=ann', '#b arrived ann+net=ann', '#a arrived bob+net=bob');
  assert.equal(scene.people.called('bob')?.account, 'acc');
  scene.hears(':ann!a@h NICK anna', ':anna!a@h PART #a');
  scene.told('#a changed ann+net: nick anna', '#b changed ann+net: nick anna', '#a departed ann+net');
  scene.hears(':anna!a@h KICK #a bob :out', ':anna!a@h QUIT :bye', ':nobody!n@h QUIT :bye');
  scene.told('#a departed bob+net', '#b departed ann+net');
  assert.equal(scene.people.called('bob'), undefined);
  scene.hears(':ann!a@h JOIN #c', ':ann!a@h PRIVMSG #c :x', ':ann!a@h PART #c');
  scene.told();
});

test('statuses change, several in one line told once each; other modes mean nothing here', () => {
  const scene = inside('#a');
  scene.hears(':ann!a@h JOIN #a', ':alice|s!x@ours JOIN #a');
  scene.told('arrived ann+net=ann');
  scene.hears(
    ':s MODE #a +ov-i ann ann',
    ':s MODE #a +o alice|s',
    ':s MODE #a -o+b ann *!*@*',
    ':s MODE #a +o eve',
  );
  scene.told(
    'changed ann+net: roles [operator voice]',
    'changed sip:alice@users.test: roles [operator]',
    'changed ann+net: roles [voice]',
  );
});

test('absence, account and host; the topic', () => {
  const scene = inside('#a');
  scene.hears(
    ':ann!a@h JOIN #a',
    ':ann!a@h AWAY :tea',
    ':ann!a@h AWAY :tea',
    ':ann!a@h AWAY',
    ':eve!e@h AWAY :x',
  );
  scene.told('arrived ann+net=ann', 'changed ann+net: away true', 'changed ann+net: away false');
  scene.hears(':ann!a@h CHGHOST b cloak', ':ann!b@cloak ACCOUNT acc', ':ann!b@cloak PRIVMSG #a :x');
  scene.told('heard ann+net=ann: x');
  assert.equal(scene.people.called('ann')?.account, 'acc');
  scene.hears(':s TOPIC #a :\x0304red', ':s TOPIC #a :', ':s TOPIC #z :x');
  scene.told('topic red', 'topic ');
});

test('a line is heard by the room; nothing to read, of a server, of a group, or for nobody is not', () => {
  const scene = inside('#a');
  scene.hears(
    ':ann!a@h JOIN #a',
    ':ann!a@h PRIVMSG #A :hello',
    ':ann!a@h NOTICE #a :note',
    ':ann!a@h PRIVMSG #a :\x01ACTION waves\x01',
    ':ann!a@h PRIVMSG #a :\x01VERSION\x01',
    ':ann!a@h PRIVMSG #a :\x02\x03',
    ':ann!a@h PRIVMSG #b :elsewhere',
    ':ann!a@h PRIVMSG @#a :ops',
    ':ann!a@h PRIVMSG parley :psst',
    ':irc.test NOTICE #a :server',
  );
  scene.told(
    'arrived ann+net=ann',
    'heard ann+net=ann: hello',
    'heard ann+net=ann: note',
    'heard ann+net=ann: * waves',
  );
});

test('who speaks without being in the channel is heard, and not here afterwards', () => {
  const scene = inside('#a');
  scene.hears(':eve!e@h PRIVMSG #a :hello');
  scene.told('heard eve+net=eve: hello');
  assert.equal(scene.people.called('eve'), undefined);
});

test('our puppets are consumed: a line that was waited for confirms, another one is the participant’s', () => {
  const scene = inside('#a');
  scene.hears(':Alice|s!x@ours JOIN #a');
  scene.alice.waitsFor.add('one');
  scene.hears(':Alice|s!x@ours PRIVMSG #a :one', ':Alice|s!x@ours PRIVMSG #a :late');
  scene.told('heard sip:alice@users.test=alice: late');
  scene.hears(':Alice|s!x@ours NICK alice|s', ':alice|s!x@ours QUIT :bye');
  scene.told();
});

test('somebody with a puppet’s nick and another mask is somebody else', () => {
  const scene = inside('#a');
  scene.hears(':alice|s!x@elsewhere JOIN #a');
  scene.told('arrived alice|s+net=alice|s');
});

test('who is ignored is seen, and not heard', () => {
  const scene = inside('#a');
  scene.hears(':pest!p@h JOIN #a', ':pest!p@h PRIVMSG #a :buy', ':pest!p@h NOTICE #a :now');
  scene.told('arrived pest+net=pest');
  scene.hears(':pest!p@h PRIVMSG #a :\x01ACTION sells\x01', ':pest!p@h NICK ann', ':ann!p@h PRIVMSG #a :hi');
  scene.told('changed pest+net: nick ann', 'heard pest+net=ann: hi');
});

test('what was said before, in a history batch, is dropped', () => {
  const scene = inside('#a');
  scene.hears(
    ':s BATCH +1 chathistory #a',
    '@batch=1 :ann!a@h PRIVMSG #a :old',
    ':s BATCH +2 netsplit a b',
    '@batch=2 :ann!a@h PRIVMSG #a :new',
    ':s BATCH -1',
    ':s BATCH +3 znc.in/playback #a',
    '@batch=3 :ann!a@h PRIVMSG #a :old',
    '@batch=1 :ann!a@h PRIVMSG #a :no batch any more',
  );
  scene.told('heard ann+net=ann: new', 'heard ann+net=ann: no batch any more');
  scene.hears(':s BATCH +4 chathistory #a');
  scene.reading.lost();
  scene.hears('@batch=4 :ann!a@h PRIVMSG #a :new link');
  scene.told('heard ann+net=ann: new link');
});

test('the reader is kicked: nobody is in sight there any more, and lines there are not heard', () => {
  const scene = inside('#a', '#b');
  scene.hears(':ann!a@h JOIN #a', ':bob!b@h JOIN #a', ':bob!b@h JOIN #b', ':alice|s!x@ours JOIN #a');
  scene.told('#a arrived ann+net=ann', '#a arrived bob+net=bob', '#b arrived bob+net=bob');
  scene.hears(':ann!a@h KICK #a parley :go \x02away');
  scene.told('#a down: IRC cannot be heard here: the reader was kicked by ann: go away');
  assert.deepEqual(scene.alice.unheard, ['#a']);
  assert.deepEqual([scene.people.called('ann'), scene.people.called('bob')?.id], [undefined, 'bob+net']);
  assert.equal(scene.find('#a')?.reader, 'out');
  scene.hears(':bob!b@h PART #b');
  scene.told('#b departed bob+net');
});

test('somebody else under a nick in sight: the one departs, the other arrives', () => {
  const scene = inside('#a', '#b');
  scene.hears(':ann!a@h JOIN #a', ':ann!a@h JOIN #b', ':s MODE #a +v ann');
  scene.told('#a arrived ann+net=ann', '#b arrived ann+net=ann', '#a changed ann+net: roles [voice]');
  scene.hears(':ann!x@y PRIVMSG #b :hello');
  scene.told(
    '#a departed ann+net',
    '#a arrived ann;2+net=ann voice',
    '#b departed ann+net',
    '#b arrived ann;2+net=ann',
    '#b heard ann;2+net=ann: hello',
  );
  scene.hears(':ann!a@h JOIN #b');
  scene.told(
    '#a departed ann;2+net',
    '#a arrived ann+net=ann voice',
    '#b departed ann;2+net',
    '#b arrived ann+net=ann',
  );
  scene.hears(':bob!b@h JOIN #a', ':bob!b@h NICK ann');
  scene.told(
    '#a arrived bob+net=bob',
    '#a departed ann+net',
    '#b departed ann+net',
    '#a changed bob+net: nick ann',
  );
  scene.hears(':alice|s!x@elsewhere JOIN #a', ':alice|s!x@ours JOIN #a');
  scene.told('#a arrived alice|s+net=alice|s', '#a departed alice|s+net');
  assert.equal(scene.people.called('alice|s'), undefined);
});
