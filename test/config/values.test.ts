/** Right files: what the program gets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLoopback, isUnspecified } from '../../src/config/listeners.ts';
import { faults, GOOD, parse } from './good.ts';

const MSRP_LIMITS = {
  headerSize: 16384,
  excess: 16777216,
  sessionsPerConnection: 1000,
  connectionsPerAddress: 2000,
  halfOpenConnections: 4096,
  halfOpenTime: 30,
  bindTime: 30,
  sendBudget: 1048576,
  congestedTime: 180,
  sends: { burst: 200, perSecond: 20 },
};

test('a short file has all defaults', () => {
  assert.deepEqual(parse(GOOD), {
    config: {
      sip: {
        domain: '127.0.0.1',
        listen: [
          { scheme: 'udp', host: '127.0.0.1', port: 5060 },
          { scheme: 'tcp', host: '127.0.0.1', port: 5060 },
        ],
        host: null,
        limits: { connectionsPerAddress: 2000 },
      },
      msrp: {
        listen: [{ scheme: 'tcp', host: '127.0.0.1', port: 2855 }],
        host: null,
        maxMessageSize: 1048576,
        keepAlive: 60,
        limits: MSRP_LIMITS,
      },
      tls: { ca: null, certificate: null },
      networks: new Map([
        [
          'local',
          {
            name: 'local',
            embedded: false,
            servers: [{ tls: false, host: '127.0.0.1', port: 6667 }],
            nick: 'parley',
            username: 'parley',
            realname: 'Parley',
            password: null,
            sasl: null,
            webirc: null,
            puppets: true,
            puppetNick: '{nick}',
            puppetRealname: '{address}',
            puppetLimit: 100,
            pace: { burst: 5, perSecond: 2 },
            grace: 30,
            ignore: [],
            encoding: null,
          },
        ],
      ]),
      rooms: new Map([
        [
          'lobby',
          {
            name: 'lobby',
            network: 'local',
            channel: '#lobby',
            key: null,
            subject: null,
            nicknames: true,
            privateMessages: true,
            types: [
              'text/plain',
              'text/html',
              'image/*',
              'application/im-iscomposing+xml',
              'message/imdn+xml',
            ],
            history: 0,
            distribute: 'after-irc',
            maxLines: 8,
            allow: ['*'],
            deny: [],
          },
        ],
      ]),
      embedded: null,
      http: { listen: { host: '127.0.0.1', port: 8080 }, origins: [] },
      log: { level: 'info' },
    },
    warnings: [],
  });
});

test('everything that is built can be set', () => {
  const { config } = parse(`
sip: { domain: Chat.Example.COM, listen: [udp://0.0.0.0, "tcp://[::1]:0"], host: 192.0.2.1 }
msrp: { listen: [tcp://127.0.0.2], host: media.example.com, maxMessageSize: 20000, keepAlive: 0, limits: { headerSize: 2048, excess: 0, bindTime: 2.5, sends: null } }
networks:
  one.two-3_4:
    servers: [ircs://irc.example.com, irc://irc.example.com, "ircs://[2001:db8::1]:7000"]
    nick: Bridge
    username: bridge
    realname: A bridge
    password: pass word
    sasl: { account: bridge, password: secret }
    webirc: { password: w, gateway: g }
    puppets: false
    puppetNick: '{nick}|sip'
    puppetRealname: '{nick} at {address}'
    puppetLimit: 0
    pace: null
    grace: 0
    ignore: ['bot*', '*!*@other.bridge']
    encoding: Latin1
rooms:
  tea: { subject: Tea, nicknames: false, privateMessages: false, types: [Text/Plain, '*'], maxLines: 1 }
  hall: { network: one.two-3_4, channel: '&hall', key: k, distribute: immediately, history: 20, allow: ['sip:*@a.test'], deny: ['*@b.test'] }
http: null
log: { level: warn }
`);
  assert.equal(config.sip.domain, 'chat.example.com');
  assert.equal(config.sip.host, '192.0.2.1');
  assert.deepEqual(config.sip.listen, [
    { scheme: 'udp', host: '0.0.0.0', port: 5060 },
    { scheme: 'tcp', host: '::1', port: 0 },
  ]);
  assert.deepEqual(config.msrp, {
    listen: [{ scheme: 'tcp', host: '127.0.0.2', port: 2855 }],
    host: 'media.example.com',
    maxMessageSize: 20000,
    keepAlive: 0,
    limits: { ...MSRP_LIMITS, headerSize: 2048, excess: 0, bindTime: 2.5, sends: null },
  });
  assert.deepEqual(config.networks.get('one.two-3_4'), {
    name: 'one.two-3_4',
    embedded: false,
    servers: [
      { tls: true, host: 'irc.example.com', port: 6697 },
      { tls: false, host: 'irc.example.com', port: 6667 },
      { tls: true, host: '2001:db8::1', port: 7000 },
    ],
    nick: 'Bridge',
    username: 'bridge',
    realname: 'A bridge',
    password: 'pass word',
    sasl: { account: 'bridge', password: 'secret' },
    webirc: { password: 'w', gateway: 'g' },
    puppets: false,
    puppetNick: '{nick}|sip',
    puppetRealname: '{nick} at {address}',
    puppetLimit: 0,
    pace: null,
    grace: 0,
    ignore: ['bot*', '*!*@other.bridge'],
    encoding: 'windows-1252',
  });
  assert.equal(config.rooms.get('tea')?.network, null);
  assert.deepEqual(config.rooms.get('tea')?.types, ['text/plain', '*']);
  assert.equal(config.rooms.get('hall')?.distribute, 'immediately');
  assert.equal(config.rooms.get('hall')?.history, 20);
  assert.deepEqual(config.rooms.get('hall')?.deny, ['*@b.test']);
  assert.equal(config.http, null);
  assert.equal(config.log.level, 'warn');
});

test('the domain is the host of the first listener, in brackets where it is an IPv6 address', () => {
  assert.equal(parse('sip: { listen: ["udp://[::1]:5060"] }').config.sip.domain, '[::1]');
  assert.equal(parse('sip: { listen: [udp://10.0.0.1] }').config.sip.domain, '10.0.0.1');
  assert.equal(parse('sip: { domain: "::1" }').config.sip.domain, '[::1]');
});

test('on all addresses the host that others use takes the place of the listener', () => {
  const { config } = parse(
    'sip: { listen: [udp://0.0.0.0], host: a.test }\nmsrp: { listen: [tcp://0.0.0.0] }',
  );
  assert.equal(config.sip.domain, 'a.test');
  assert.equal(config.msrp.host, 'a.test');
});

test('a part of a pace keeps the default of the rest', () => {
  const text = GOOD.replace('[irc://127.0.0.1:6667]', '[irc://127.0.0.1:6667]\n    pace: { perSecond: 0.5 }');
  assert.deepEqual(parse(text).config.networks.get('local')?.pace, { burst: 5, perSecond: 0.5 });
});

test('a section whose keys are commented out has its defaults', () => {
  assert.equal(parse('sip:\n  # domain: x\nrooms:\n').config.sip.domain, '127.0.0.1');
});

test('an empty file is right, with a warning that there are no rooms', () => {
  assert.match(parse('').warnings.join(), /^rooms: there are none/);
});

test('warns about a SIP listener that others can reach', () => {
  const { warnings } = parse(GOOD.replace('udp://127.0.0.1:5060', 'udp://192.0.2.1:5060'));
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? '', /^sip\.listen: udp:\/\/192\.0\.2\.1:5060 is not on loopback/);
});

test('channels of different networks may have one name, and aliases are followed', () => {
  const text = `networks: { a: &net { servers: [irc://h] }, b: *net }
rooms: { x: { network: a, channel: '#c' }, y: { network: b, channel: '#c' } }`;
  assert.deepEqual(faults(text), []);
});

test('knows addresses that only this host reaches, and those that mean all', () => {
  for (const host of [
    '127.0.0.1',
    '127.9.9.9',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::ffff:127.0.0.1',
    'localhost',
    'a.localhost',
  ]) {
    assert.equal(isLoopback(host), true, host);
  }
  for (const host of ['10.0.0.1', '::', '0.0.0.0', '2001:db8::1', '::2', '1::1', 'localhost.example.com']) {
    assert.equal(isLoopback(host), false, host);
  }
  for (const host of ['0.0.0.0', '::', '0:0:0:0:0:0:0:0', '::0'])
    assert.equal(isUnspecified(host), true, host);
  for (const host of ['127.0.0.1', '::1', '10.0.0.0', 'a.test'])
    assert.equal(isUnspecified(host), false, host);
});
