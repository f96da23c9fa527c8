/** How a link logs in: nicks, passwords, SASL, TLS; and servers that do not let it in. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeCertificate } from '../support/certificate.ts';
import { linked } from './linked.ts';
import { ScriptedServer, until } from './scripted-server.ts';

const soon = { timeout: 10_000 };

test('logs in, and knows its nick and what the server says of itself', soon, async (t) => {
  const { server, link, tells } = await linked(t, {}, { tokens: ['CASEMAPPING=ascii', 'NETWORK=Test'] });
  assert.equal(await tells(1), 'registered');
  const peer = await server.peer(0);
  assert.deepEqual(
    peer.lines.filter((line) => !line.startsWith('CAP')),
    ['NICK parley', 'USER user 0 * :Real Name'],
  );
  await until(() => link.isupport.network === 'Test');
  assert.deepEqual([link.nick, link.registered, link.isOwn('PARLEY')], ['parley', true, true]);
  link.send('JOIN', '#a');
  await until(() => link.mask.host === 'host');
  assert.deepEqual(link.mask, { nick: 'parley', user: 'user', host: 'host' });
});

test(
  'a nick that is taken gives way to the next; when there is none left the link is given up',
  soon,
  async (t) => {
    const first = await linked(t, {}, { taken: ['parley', 'parley_'] });
    assert.equal(await first.tells(1), 'registered');
    assert.equal(first.link.nick, 'parley2');
    const second = await linked(t, {}, { taken: ['parley', 'parley_', 'parley2'] });
    assert.equal(await second.tells(1), 'lost refused: Nickname is already in use.');
    await assert.rejects(linked(t, { nicks: [].values() }), RangeError);
  },
);

test(
  'capabilities are asked for where they are offered; SASL PLAIN logs in before the welcome',
  soon,
  async (t) => {
    const sasl = { account: 'acc', password: 'sesame' };
    const { server, link, tells, records } = await linked(
      t,
      { sasl, capabilities: ['echo-message'] },
      {
        capabilities: 'sasl=PLAIN echo-message away-notify unheard-of',
        answer: (peer, { command, params }) => {
          if (command !== 'AUTHENTICATE') return false;
          if (params[0] === 'PLAIN') peer.send('AUTHENTICATE +');
          else
            peer.send(':irc.test 900 * * acc :logged in', ':irc.test 903 * :SASL authentication successful');
          return true;
        },
      },
    );
    assert.equal(await tells(1), 'registered');
    const peer = await server.peer(0);
    const [, encoded = ''] = peer.lines.filter((line) => line.startsWith('AUTHENTICATE'));
    assert.equal(Buffer.from(encoded.slice(13), 'base64').toString(), 'acc\0acc\0sesame');
    assert.deepEqual(
      ['echo-message', 'away-notify', 'unheard-of'].map((name) => link.hasCapability(name)),
      [true, true, false],
    );
    assert.doesNotMatch(records.join(), /sesame|YWNj/);
  },
);

test('a SASL login that fails goes on without it, with a warning', soon, async (t) => {
  const { tells, records } = await linked(
    t,
    { sasl: { account: 'acc', password: 'wrong' } },
    {
      capabilities: 'sasl',
      answer: (peer, { command, params }) => {
        if (command !== 'AUTHENTICATE') return false;
        peer.send(params[0] === 'PLAIN' ? 'AUTHENTICATE +' : ':irc.test 904 * :SASL authentication failed');
        return true;
      },
    },
  );
  assert.equal(await tells(1), 'registered');
  assert.match(records.join(), /the SASL login failed/);
});

test('a server without SASL is a warning too', soon, async (t) => {
  const { tells, records } = await linked(t, { sasl: { account: 'acc', password: 'x' } });
  assert.equal(await tells(1), 'registered');
  assert.match(records.join(), /the SASL login failed/);
});

test('TLS, with a certificate that is believed and one that is not', soon, async (t) => {
  const { cert, key } = makeCertificate();
  const server = await ScriptedServer.start(t, { tls: { cert, key } });
  const believed = await linked(t, { ca: cert }, server);
  assert.equal(await believed.tells(1), 'registered');
  const stranger = await linked(t, {}, server);
  assert.match(await stranger.tells(1), /^lost net: self.signed certificate/);
});

test('passwords and keys are in no log', soon, async (t) => {
  const { server, link, tells, records } = await linked(t, { password: 'sesame open' });
  await tells(1);
  link.send('JOIN', '#a', 'k3y');
  link.send('OPER', 'me', 'sesame');
  const peer = await server.peer(0);
  await peer.gets(/^PASS :sesame open$/);
  await peer.gets(/^JOIN #a k3y$/);
  await peer.gets(/^OPER me sesame$/);
  assert.doesNotMatch(records.join(), /sesame|k3y/);
  assert.match(records.join(), /JOIN #a/);
});

test('nothing that ends a line comes out of a name', soon, async (t) => {
  const { server, tells } = await linked(t, { realname: 'x\r\nQUIT :y\0', username: 'u\nv' });
  await tells(1);
  const peer = await server.peer(0);
  assert.equal(peer.count(/^QUIT/), 0);
  assert.equal(peer.count(/^USER uv 0 \* :xQUIT :y$/), 1);
});

test('an ERROR or a numeric before the welcome says why', soon, async (t) => {
  const rows: [string[], string][] = [
    [
      ['ERROR :Closing link: (u@h) [No more connections allowed]'],
      'lost limit: Closing link: (u@h) [No more connections allowed]',
    ],
    [['ERROR :Trying to reconnect too fast.'], 'lost throttled: Trying to reconnect too fast.'],
    [[':s 464 * :Password incorrect', 'ERROR :Bad Password'], 'lost refused: Password incorrect'],
    [[':s 465 * :You are banned', 'ERROR :bye'], 'lost banned: You are banned'],
    [[], 'lost net: the server closed the connection'],
  ];
  for (const [lines, expected] of rows) {
    const scene = await linked(
      t,
      {},
      {
        accept: (peer) => {
          peer.send(...lines);
          return true;
        },
      },
    );
    assert.equal(await scene.tells(1), expected);
  }
});

test('a server that nobody answers at, and one that says nothing', soon, async (t) => {
  const dead = await ScriptedServer.start(t);
  const { address } = dead;
  await dead.stop();
  const refused = await linked(t, { server: address });
  assert.match(await refused.tells(1), /^lost net: connect ECONNREFUSED/);

  const mute = await linked(t, {}, { answer: () => true });
  const peer = await mute.server.peer(0);
  await peer.gets(/^USER/);
  mute.clock.advance(59_999);
  assert.deepEqual(mute.told, []);
  mute.clock.advance(1);
  assert.equal(await mute.tells(1), 'lost net: the server did not let us in in time');
});
