/** The table that makes events of lines: a row for each command and numeric. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { IrcEvent } from '../../src/irc/events.ts';
import { ISupport } from '../../src/irc/isupport.ts';
import { parseLine } from '../../src/irc/line.ts';
import { eventOf, WHOX_FIELDS } from '../../src/irc/messages.ts';

const support = new ISupport();
support.apply(['PREFIX=(ov)@+', 'CHANMODES=b,k,l,imnst', 'CHANTYPES=#', 'STATUSMSG=@+']);

function read(text: string): IrcEvent | undefined {
  const line = parseLine(text);
  return line && eventOf(line, support);
}

const ann = { nick: 'ann', user: 'a', host: 'h' };
const server = { nick: 'irc.test', user: '', host: '' };
const said = {
  type: 'message',
  who: ann,
  status: '',
  notice: false,
  account: undefined,
  time: undefined,
  batch: undefined,
} as const;
const listed = { type: 'who', channel: '#a', user: 'a', host: 'h', nick: 'ann' } as const;

const ROWS: readonly (readonly [string, IrcEvent | undefined])[] = [
  [':irc.test 001 me :Welcome to IRC', { type: 'welcome', nick: 'me' }],
  [':ann!a@h JOIN #a', { type: 'join', who: ann, channel: '#a', account: undefined }],
  [':ann!a@h JOIN :#a', { type: 'join', who: ann, channel: '#a', account: undefined }],
  [':ann!a@h JOIN #a acc :Ann', { type: 'join', who: ann, channel: '#a', account: 'acc' }],
  [':ann!a@h JOIN #a * :Ann', { type: 'join', who: ann, channel: '#a', account: '' }],
  [':ann!a@h PART #a', { type: 'part', who: ann, channel: '#a', reason: '' }],
  [':ann!a@h PART #a :by\x02e', { type: 'part', who: ann, channel: '#a', reason: 'bye' }],
  [':ann!a@h QUIT :Ping timeout', { type: 'quit', who: ann, reason: 'Ping timeout' }],
  [':ann!a@h QUIT', { type: 'quit', who: ann, reason: '' }],
  [
    ':ann!a@h KICK #a bob :o\x0304ut\x0f',
    { type: 'kick', who: ann, channel: '#a', target: 'bob', reason: 'out' },
  ],
  [':irc.test KICK #a bob', { type: 'kick', who: server, channel: '#a', target: 'bob', reason: '' }],
  [':ann!a@h KILL bob :enough', { type: 'kill', who: ann, target: 'bob', reason: 'enough' }],
  [':ann!a@h NICK :anna', { type: 'nick', who: ann, nick: 'anna' }],
  [':ann!a@h NICK', undefined],
  [':ann!a@h NICK :', undefined],
  [':ann!a@h TOPIC #a :te\x1da', { type: 'topic', channel: '#a', text: 'tea' }],
  [':ann!a@h TOPIC #a :', { type: 'topic', channel: '#a', text: '' }],
  [':irc.test 331 me #a :No topic is set', { type: 'topic', channel: '#a', text: '' }],
  [':irc.test 332 me #a :tea and cake', { type: 'topic', channel: '#a', text: 'tea and cake' }],
  [':irc.test 333 me #a ann 1600000000', undefined],
  [
    ':ann!a@h MODE #a +o bob',
    { type: 'mode', who: ann, channel: '#a', changes: [{ add: true, mode: 'o', param: 'bob' }] },
  ],
  [':me MODE me :+i', undefined],
  [':ann!a@h PRIVMSG #a :hi \x02there', { ...said, target: '#a', text: 'hi \x02there' }],
  [':ann!a@h PRIVMSG me :hi', { ...said, target: 'me', text: 'hi' }],
  [':ann!a@h NOTICE #a :hi', { ...said, target: '#a', text: 'hi', notice: true }],
  [':irc.test NOTICE * :looking up', { ...said, who: server, target: '*', text: 'looking up', notice: true }],
  [':ann!a@h PRIVMSG @#a :ops', { ...said, target: '#a', status: '@', text: 'ops' }],
  [':ann!a@h PRIVMSG @+#a :ops', { ...said, target: '#a', status: '@+', text: 'ops' }],
  [':ann!a@h PRIVMSG +me :odd', { ...said, target: '+me', text: 'odd' }],
  [':ann!a@h PRIVMSG #a', { ...said, target: '#a', text: '' }],
  [':ann!a@h PRIVMSG', { ...said, target: '', text: '' }],
  [
    '@time=2026-01-02T03:04:05.678Z;account=acc;batch=b1 :ann!a@h PRIVMSG #a :x',
    {
      ...said,
      target: '#a',
      text: 'x',
      account: 'acc',
      batch: 'b1',
      time: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
    },
  ],
  ['@time=yesterday :ann!a@h PRIVMSG #a :x', { ...said, target: '#a', text: 'x' }],
  [
    ':irc.test 353 me = #a :@ann +bob @+cyd!c@host  dan ',
    {
      type: 'names',
      channel: '#a',
      people: [
        { nick: 'ann', status: '@', user: undefined, host: undefined },
        { nick: 'bob', status: '+', user: undefined, host: undefined },
        { nick: 'cyd', status: '@+', user: 'c', host: 'host' },
        { nick: 'dan', status: '', user: undefined, host: undefined },
      ],
    },
  ],
  [':irc.test 366 me #a :End of /NAMES list.', { type: 'names-end', channel: '#a' }],
  [':irc.test 352 me #a a h irc.test ann H@ :0 Ann', { ...listed, away: false, account: undefined }],
  [':irc.test 352 me #a a h irc.test ann G :0 Ann', { ...listed, away: true, account: undefined }],
  [':irc.test 354 me 152 #a a h ann H acc', { ...listed, away: false, account: 'acc' }],
  [':irc.test 354 me 152 #a a h ann G@ 0', { ...listed, away: true, account: '' }],
  [':irc.test 354 me 1 #a a h ann G 0', undefined],
  [':irc.test 315 me #a :End of /WHO list.', { type: 'who-end', mask: '#a' }],
  [':ann!a@h AWAY :tea', { type: 'away', who: ann, away: true }],
  [':ann!a@h AWAY', { type: 'away', who: ann, away: false }],
  [':ann!a@h ACCOUNT acc', { type: 'account', who: ann, account: 'acc' }],
  [':ann!a@h ACCOUNT *', { type: 'account', who: ann, account: '' }],
  [':ann!a@h CHGHOST b cloak', { type: 'host', who: ann, user: 'b', host: 'cloak' }],
  [':irc.test 396 me cloak :is now your displayed host', { type: 'own-host', host: 'cloak' }],
  [':irc.test 396 me u@cloak :is now your displayed host', { type: 'own-host', host: 'cloak' }],
  [':ann!a@h INVITE me #b', { type: 'invite', who: ann, target: 'me', channel: '#b' }],
  [':irc.test BATCH +x1 netsplit a b', { type: 'batch', name: 'x1', kind: 'netsplit', open: true }],
  [':irc.test BATCH -x1', { type: 'batch', name: 'x1', kind: '', open: false }],
  [':irc.test PONG irc.test :fence-1', { type: 'pong', token: 'fence-1' }],
  [':irc.test PONG fence-1', { type: 'pong', token: 'fence-1' }],
  ['ERROR :Closing Link: \x02h', { type: 'error', text: 'Closing Link: h' }],
  [
    ':irc.test FAIL PRIVMSG NO_SUCH #a :not there',
    { type: 'refused', numeric: 'FAIL NO_SUCH', subject: '#a', text: 'not there' },
  ],
  [
    ':irc.test FAIL NICK NO_SUCH :no',
    { type: 'refused', numeric: 'FAIL NO_SUCH', subject: 'NICK', text: 'no' },
  ],
  [
    ':irc.test 433 * ann :Nickname is \x02already in use',
    { type: 'refused', numeric: '433', subject: 'ann', text: 'Nickname is already in use' },
  ],
  [
    ':irc.test 404 me #a :Cannot send to channel',
    { type: 'refused', numeric: '404', subject: '#a', text: 'Cannot send to channel' },
  ],
  [
    ':irc.test 464 me :Password incorrect',
    { type: 'refused', numeric: '464', subject: '', text: 'Password incorrect' },
  ],
  [
    ':irc.test 520 me #a :Only operators',
    { type: 'refused', numeric: '520', subject: '#a', text: 'Only operators' },
  ],
  [':irc.test 005 me CHANTYPES=# :are supported', undefined],
  [':irc.test 372 me :- motd', undefined],
  [':irc.test WALLOPS :all', undefined],
  ['constructor x', undefined],
  ['__proto__ x', undefined],
];

for (const [text, event] of ROWS) {
  test(JSON.stringify(text), () => assert.deepEqual(read(text), event));
}

test('law: whatever comes, it is an event or nothing', () => {
  const command = fc.oneof(
    fc.constantFrom(...new Set(ROWS.map(([text]) => parseLine(text)?.command ?? ''))),
    fc.integer({ min: 400, max: 599 }).map(String),
  );
  const params = fc.array(fc.oneof(fc.string(), fc.constantFrom('', '#a', '@#a', 'me', '+o')), {
    maxLength: 9,
  });
  fc.assert(
    fc.property(command, params, fc.string(), (name, words, source) => {
      const event = eventOf({ tags: new Map(), source, command: name, params: words }, support);
      assert.ok(event === undefined || typeof event.type === 'string');
    }),
  );
});

test('a WHOX answer has the fields that were asked for, in the order that IRCv3 gives them', () => {
  assert.equal(WHOX_FIELDS, '%tcuhnfa,152');
});
