/** Lines that a puppet need not look at: none of those that concern it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isForPuppet } from '../../src/irc/leaner.ts';

const PASSES = [
  ':alice!u@h JOIN #a',
  ':ALICE!u@h NICK :queen',
  ':alice NICK queen',
  ':alice@h PART #a',
  ':alice!u@h QUIT :bye',
  '@time=2026-01-01T00:00:00.000Z :alice!u@h JOIN #a',
  ':alice!u@h CHGHOST u cloak',
  ':ann!a@h PRIVMSG alice :psst',
  ':ann!a@h NOTICE alice :psst',
  '@account=acc :ann!a@h PRIVMSG alice :psst',
  ':ann!a@h PRIVMSG @#a :ops',
  ':ann!a@h NOTICE @#a :ops',
  ':ann!a@h KICK #a alice :out',
  ':ann!a@h KICK #a bob :out',
  ':ann!a@h KILL alice :out',
  ':ann!a@h INVITE alice #b',
  ':ann!a@h MODE #a +o alice',
  ':irc.test 433 alice queen :in use',
  ':irc.test 404 alice #a :no',
  ':irc.test 396 alice cloak :is your host',
  ':irc.test PONG irc.test :fence-1',
  ':irc.test CAP alice NEW :x',
  'PING :irc.test',
  'ERROR :Closing Link',
  ':irc.test FAIL PRIVMSG X #a :no',
  '',
  ':',
  ':x',
  '@',
  '@a',
  '@a ',
  ':ann!a@h  PRIVMSG #a :two spaces',
];

const DROPPED = [
  ':ann!a@h PRIVMSG #a :hello',
  ':ann!a@h NOTICE #a :hello',
  ':ann!a@h PRIVMSG &a :hello',
  '@time=2026-01-01T00:00:00.000Z;msgid=x :ann!a@h PRIVMSG #a :alice PRIVMSG alice',
  ':ann!a@h JOIN #a',
  ':ann!a@h JOIN #a acc :Ann',
  ':ann!a@h PART #a :bye',
  ':ann!a@h QUIT :bye',
  ':ann!a@h NICK :alice',
  ':alice2!a@h NICK :x',
  ':alic!a@h NICK :x',
  ':ann!a@h AWAY :tea',
  ':ann!a@h ACCOUNT acc',
  ':ann!a@h CHGHOST a b',
  ':ann!a@h SETNAME :Ann',
  '@+typing=active :ann!a@h TAGMSG #a',
  ':irc.test 353 alice = #a :@ann alice',
  ':irc.test 366 alice #a :End',
  ':irc.test 332 alice #a :tea',
  ':irc.test 372 alice :motd',
  ':irc.test 376 alice :End',
];

test('what concerns a puppet passes', () => {
  assert.deepEqual(
    PASSES.filter((line) => !isForPuppet(line, 'alice')),
    [],
  );
});

test('what others do in a channel, and lists, do not', () => {
  assert.deepEqual(
    DROPPED.filter((line) => isForPuppet(line, 'alice')),
    [],
  );
});

test('law: what comes from us, to us, or about us always passes', () => {
  const nick = fc.string({ minLength: 1, maxLength: 9, unit: fc.constantFrom('a', 'B', '[', '|', '1') });
  const command = fc.constantFrom(
    'JOIN',
    'PART',
    'QUIT',
    'NICK',
    'AWAY',
    'ACCOUNT',
    'CHGHOST',
    'KICK',
    'MODE',
  );
  const tags = fc.constantFrom('', '@time=x ', '@a=b;c=:x ');
  fc.assert(
    fc.property(nick, command, tags, fc.string(), (name, verb, before, rest) => {
      assert.ok(isForPuppet(`${before}:${name}!u@h ${verb} ${rest}`, name));
      assert.ok(isForPuppet(`${before}:ann!a@h PRIVMSG ${name} :${rest}`, name));
      assert.ok(isForPuppet(`${before}:ann!a@h KICK #a ${name} :${rest}`, name));
    }),
  );
  fc.assert(fc.property(fc.string(), nick, (line, name) => typeof isForPuppet(line, name) === 'boolean'));
});
