/** Wrong files: each fault is told with its line and its key path. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faults, GOOD } from './good.ts';

/** What is appended to the good file or, as a pair, replaced in it; and the one fault expected. */
const TABLE: readonly [what: string, edit: string | readonly [string, string], fault: string | RegExp][] = [
  ['an unknown section', 'sipp: {}\n', '10 sipp: is not a known key'],
  [
    'an unknown key of a network',
    ['[irc://127.0.0.1:6667]', '[irc://127.0.0.1:6667]\n    nik: x'],
    '6 networks.local.nik: is not a known key',
  ],
  ['an unknown key of a room', '    chanel: "#x"\n', '10 rooms.lobby.chanel: is not a known key'],
  [
    'an unknown key in a nested group',
    ['[irc://127.0.0.1:6667]', '[irc://127.0.0.1:6667]\n    pace: { burts: 1 }'],
    '6 networks.local.pace.burts: is not a known key',
  ],
  ['a number where a section is due', 'log: 3\n', '10 log: must be a section of keys and values'],
  [
    'text where a number is due',
    'msrp:\n  maxMessageSize: huge\n',
    /^11 msrp\.maxMessageSize: must be a whole number, 1 to \d+: value was "huge"$/,
  ],
  [
    'a number in quotes',
    'msrp:\n  maxMessageSize: "5000"\n',
    /^11 msrp\.maxMessageSize: must be a whole number/,
  ],
  [
    'a fraction where a whole number is due',
    '    maxLines: 1.5\n',
    /^10 rooms\.lobby\.maxLines: must be a whole number/,
  ],
  [
    'too small a number',
    '    maxLines: 0\n',
    /^10 rooms\.lobby\.maxLines: must be a whole number, 1 to 10000$/,
  ],
  [
    'too large a number',
    '    history: 1001\n',
    /^10 rooms\.lobby\.history: must be a whole number, 0 to 1000: value was 1001$/,
  ],
  ['a number where text is due', '    key: 123\n', /^10 rooms\.lobby\.key: must be text/],
  [
    'text where a boolean is due',
    '    nicknames: perhaps\n',
    '10 rooms.lobby.nicknames: must be true or false: value was "perhaps"',
  ],
  [
    'an unknown word',
    '    distribute: sometimes\n',
    /^10 rooms\.lobby\.distribute: must be one of after-irc, immediately/,
  ],
  ['text where a list is due', '    allow: "*"\n', /^10 rooms\.lobby\.allow: must be a list/],
  ['a map where a list is due', '    allow: {}\n', /^10 rooms\.lobby\.allow: must be a list/],
  ['a map where text is due', '    subject: { a: b }\n', /^10 rooms\.lobby\.subject: must be text/],
  [
    'null where null has no meaning',
    '    nicknames: null\n',
    '10 rooms.lobby.nicknames: must be true or false',
  ],
  ['a line break in text', '    subject: "a\\nb"\n', /^10 rooms\.lobby\.subject: must be text on one line/],
  [
    'a port that is none',
    ['tcp://127.0.0.1:5060', 'tcp://127.0.0.1:65536'],
    /^2 sip\.listen\[2\]: its port must be 0 to 65535/,
  ],
  [
    'an address that is none',
    ['tcp://127.0.0.1:5060', 'tcp://127.0.0.256:5060'],
    /^2 sip\.listen\[2\]: has no valid host/,
  ],
  [
    'an IPv6 address without brackets',
    ['tcp://127.0.0.1:5060', 'tcp://::1:5060'],
    /^2 sip\.listen\[2\]: must be a URL/,
  ],
  [
    'a listener that is no URL',
    ['[udp://127.0.0.1:5060, tcp://127.0.0.1:5060]', 'nonsense'],
    '2 sip.listen: must be a list of texts: value was "nonsense"',
  ],
  [
    'a listener with an unknown scheme',
    ['tcp://127.0.0.1:5060', 'sctp://127.0.0.1'],
    /^2 sip\.listen\[2\]: must be a URL like udp:\/\/ or tcp:\/\/ or tls:\/\/ or ws:\/\/ or wss:\/\/HOST:PORT/,
  ],
  [
    'no listener',
    ['[udp://127.0.0.1:5060, tcp://127.0.0.1:5060]', '[]'],
    '2 sip.listen: must name at least one listener',
  ],
  [
    'one listener twice',
    ['udp://127.0.0.1:5060', 'tcp://127.0.0.1:5060'],
    '2 sip.listen[2]: tcp://127.0.0.1:5060 is taken by sip.listen already',
  ],
  [
    'two sections on one port',
    'msrp:\n  listen: [tcp://127.0.0.1:5060]\n',
    '11 msrp.listen[1]: tcp://127.0.0.1:5060 is taken by sip.listen already',
  ],
  ['a domain that is none', ['sip:', 'sip:\n  domain: "chat test"'], /^2 sip\.domain: must be a host name/],
  [
    'a listener on all addresses without a host',
    ['udp://127.0.0.1:5060', 'udp://0.0.0.0:5060'],
    '1 sip.host: must be set where a listener is on all addresses (udp://0.0.0.0:5060)',
  ],
  [
    'the same on IPv6',
    ['udp://127.0.0.1:5060', '"udp://[::]:5060"'],
    '1 sip.host: must be set where a listener is on all addresses (udp://[::]:5060)',
  ],
  [
    'MSRP on all addresses without a host',
    'msrp:\n  listen: [tcp://0.0.0.0:2855]\n',
    /^10 msrp\.host: must be set, or sip\.host/,
  ],
  [
    'pages off loopback',
    'http:\n  listen: http://0.0.0.0:8080\n',
    /^10 http\.password: must be set where pages are off loopback/,
  ],
  [
    'a network without servers',
    ['[irc://127.0.0.1:6667]', '[]'],
    '5 networks.local.servers: must name at least one server',
  ],
  [
    'a network without the key servers',
    ['servers: [irc://127.0.0.1:6667]', 'nick: x'],
    '4 networks.local.servers: must name at least one server',
  ],
  [
    'a server that is no IRC server',
    ['[irc://127.0.0.1:6667]', '[http://127.0.0.1]'],
    /^5 networks\.local\.servers\[1\]: must be a URL like irc:\/\/ or ircs:\/\/HOST:PORT/,
  ],
  [
    'a server on port 0',
    ['irc://127.0.0.1:6667', 'irc://127.0.0.1:0'],
    /^5 networks\.local\.servers\[1\]: its port must be 1 to 65535/,
  ],
  [
    'a nick that is none',
    ['[irc://127.0.0.1:6667]', '[irc://127.0.0.1:6667]\n    nick: "a b"'],
    /^6 networks\.local\.nick: must be an IRC nick/,
  ],
  [
    'a pattern for nicks without the nick',
    ['[irc://127.0.0.1:6667]', '[irc://127.0.0.1:6667]\n    puppetNick: sip'],
    /^6 networks\.local\.puppetNick: must contain \{nick\}/,
  ],
  [
    'a placeholder that is not known',
    ['[irc://127.0.0.1:6667]', '[irc://127.0.0.1:6667]\n    puppetRealname: "{name}"'],
    /^6 networks\.local\.puppetRealname: knows .* not \{name\}/,
  ],
  [
    'a negative time',
    ['[irc://127.0.0.1:6667]', '[irc://127.0.0.1:6667]\n    grace: -1'],
    /^6 networks\.local\.grace: must be a number, 0 to/,
  ],
  [
    'a mask with a space',
    ['[irc://127.0.0.1:6667]', '[irc://127.0.0.1:6667]\n    ignore: ["bot!*@*", "a b"]'],
    /^6 networks\.local\.ignore\[2\]: must be like nick!user@host, without spaces; it is "a b"$/,
  ],
  [
    'a mask that is empty',
    ['[irc://127.0.0.1:6667]', '[irc://127.0.0.1:6667]\n    ignore: [""]'],
    /^6 networks\.local\.ignore: must be a list of texts/,
  ],
  [
    'a mask that names nobody',
    ['[irc://127.0.0.1:6667]', '[irc://127.0.0.1:6667]\n    ignore: ["!@"]'],
    /^6 networks\.local\.ignore\[1\]: must be like nick!user@host/,
  ],
  [
    'a mask where a list is due',
    ['[irc://127.0.0.1:6667]', '[irc://127.0.0.1:6667]\n    ignore: bot'],
    /^6 networks\.local\.ignore: must be a list/,
  ],
  [
    'an encoding that nobody knows',
    ['[irc://127.0.0.1:6667]', '[irc://127.0.0.1:6667]\n    encoding: latin-9000'],
    /^6 networks\.local\.encoding: is no encoding that is known.*"latin-9000"$/,
  ],
  [
    'an encoding with zeros in its lines',
    ['[irc://127.0.0.1:6667]', '[irc://127.0.0.1:6667]\n    encoding: UTF-16'],
    /^6 networks\.local\.encoding: cannot be utf-16le/,
  ],
  [
    'an encoding that looks like ASCII',
    ['[irc://127.0.0.1:6667]', '[irc://127.0.0.1:6667]\n    encoding: iso-2022-jp'],
    /^6 networks\.local\.encoding: cannot be iso-2022-jp/,
  ],
  [
    'a login without a password',
    ['[irc://127.0.0.1:6667]', '[irc://127.0.0.1:6667]\n    sasl: { account: a }'],
    '6 networks.local.sasl.password: must be set',
  ],
  [
    'a name of a network with a space',
    ['  local:\n', '  my net:\n    servers: [irc://h]\n  local:\n'],
    '4 networks.my net: is not a name: letters, digits, - _ and .',
  ],
  [
    'a name of a room that is an address',
    '  a@b: {}\n',
    '10 rooms.a@b: is not a name: letters, digits, - _ and .',
  ],
  [
    'a room of no network',
    ['network: local', 'network: other'],
    '8 rooms.lobby.network: there is no network "other" in networks',
  ],
  [
    'a network without a channel',
    ["    channel: '#lobby'\n", ''],
    /^7 rooms\.lobby\.channel: must be set where there is a network/,
  ],
  [
    'a channel that YAML takes for a comment',
    ["'#lobby'", '#lobby'],
    /^9 rooms\.lobby\.channel: must be set where there is a network; in quotes/,
  ],
  [
    'a channel without a network',
    ['network: local', 'network: null'],
    '8 rooms.lobby.network: must be set where there is a channel',
  ],
  [
    'a channel without its sign',
    ["'#lobby'", 'lobby'],
    /^9 rooms\.lobby\.channel: must begin with # & \+ or !/,
  ],
  ['a channel with a space', ["'#lobby'", "'#lob by'"], /^9 rooms\.lobby\.channel: must begin with/],
  ['a channel with a BEL', ["'#lobby'", '"#lob\\x07by"'], /^9 rooms\.lobby\.channel: must begin with/],
  [
    'a channel that is too long',
    ["'#lobby'", `'#${'é'.repeat(100)}'`],
    '9 rooms.lobby.channel: must have 200 bytes at most',
  ],
  [
    'two rooms on one channel',
    "  hall: { network: local, channel: '#lobby' }\n",
    '10 rooms.hall.channel: room lobby is on #lobby of local already',
  ],
  [
    'two rooms on one channel by rfc1459',
    ["'#lobby'", "'#a[b]'\n  hall: { network: local, channel: '#A{B}' }"],
    '10 rooms.hall.channel: room lobby is on #A{B} of local already',
  ],
  ['a key with a space', '    key: a b\n', /^10 rooms\.lobby\.key: must be text without spaces and commas$/],
  [
    'a media type that is none',
    '    types: [text/plain, html]\n',
    /^10 rooms\.lobby\.types\[2\]: must be type\/subtype/,
  ],
  ['no media type', '    types: []\n', '10 rooms.lobby.types: must name at least one media type'],
  [
    'a pattern that fits nobody',
    '    allow: [bob]\n',
    /^10 rooms\.lobby\.allow\[1\]: must be a pattern of SIP addresses/,
  ],
  [
    'an unknown level',
    'log: { level: loud }\n',
    /^10 log\.level: must be one of trace, debug, info, warn, error/,
  ],
  [
    'a certificate file that is missing',
    'tls: { ca: /nowhere/ca.pem }\n',
    '10 tls.ca: /nowhere/ca.pem cannot be read: there is no such file',
  ],
  [
    'a certificate file of another kind',
    'tls: { ca: package.json }\n',
    '10 tls.ca: package.json holds no PEM certificate',
  ],
  ['a key twice', "    channel: '#other'\n", '10 rooms.lobby.channel: stands here twice, first on line 9'],
  ['a tag that YAML does not know', '    subject: !secret x\n', /^10 : is not YAML: /],
  ['an anchor that is not there', '    subject: *nobody\n', /: is not YAML: /],
  ['a second document', '---\nsip: {}\n', /: is not YAML: /],
];

for (const [what, edit, fault] of TABLE) {
  test(`tells ${what}, with its place`, () => {
    const text = typeof edit === 'string' ? GOOD + edit : GOOD.replace(edit[0], () => edit[1]);
    assert.notEqual(text, GOOD);
    const found = faults(text);
    assert.equal(found.length, 1, found.join('\n'));
    if (typeof fault === 'string') assert.equal(found[0], fault);
    else assert.match(found[0] ?? '', fault);
  });
}

test('tells all faults of a file at once, by line', () => {
  const text =
    GOOD.replace("'#lobby'", 'lobby').replace('sip:', 'sip:\n  domian: x') + 'log: { level: loud }\n';
  assert.deepEqual(
    faults(text).map((fault) => fault.split(':')[0]),
    ['2 sip.domian', '10 rooms.lobby.channel', '11 log.level'],
  );
});

test('tells in one line, and with its line, what is not YAML', () => {
  const found = faults('sip: [unclosed\n  : :\n\t- x');
  assert.equal(found.length, 1);
  assert.match(found[0] ?? '', /^\d : is not YAML: [^\n]+$/);
});

test('a file that holds no map is wrong', () => {
  assert.deepEqual(faults('just words\n'), ['- : must hold keys and their values']);
});

test('a bomb of aliases is told, not blown up', () => {
  const levels = Array.from({ length: 9 }, (_, at) => {
    const inside = at === 0 ? 'x' : `*a${at - 1}`;
    return `  r${at}: &a${at} [${Array(9).fill(inside).join(', ')}]`;
  });
  assert.match(faults(`rooms:\n${levels.join('\n')}\n`)[0] ?? '', /is not YAML: .*alias/i);
});

test('names that objects have by themselves are no keys', () => {
  assert.deepEqual(faults(`${GOOD}constructor: {}\n`), ['10 constructor: is not a known key']);
  assert.deepEqual(faults(`${GOOD}__proto__: { log: 1 }\n`), ['10 __proto__: is not a known key']);
  assert.deepEqual(faults(`${GOOD}  __proto__: { nicknames: 1 }\n`), [
    '10 rooms.__proto__.nicknames: must be true or false: value was 1',
  ]);
});

test('a secret is not shown in its fault', () => {
  assert.doesNotMatch(faults(`${GOOD}    key: 'open sesame'\n`).join(), /sesame/);
});

test('text that would disturb a terminal is shown escaped', () => {
  assert.deepEqual(faults(`${GOOD}"a\\e[31m\\nb": 1\n`), ['10 a\\u001b[31m\\u000ab: is not a known key']);
});
