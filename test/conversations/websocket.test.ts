/** Pages in the room: SIP and MSRP over WebSockets (RFC 7118, RFC 7977), beside phones that know nothing of it. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import WebSocket from 'ws';
import { join, isRefused, type JoinOptions } from '../naive/join.ts';
import { freePorts } from '../support/free-ports.ts';
import { DOMAIN, startParley, type Parley } from '../support/parley.ts';

interface Scene {
  readonly parley: Parley;
  /** Over TCP. */
  readonly phone: (user: string) => JoinOptions;
  /** Over WebSockets of listeners of their own. */
  readonly page: (user: string) => JoinOptions;
  /** The same by TLS. */
  readonly securePage: (user: string) => JoinOptions;
  /** Over WebSockets at the HTTP port. */
  readonly ownPage: (user: string) => JoinOptions;
}

async function scene(t: TestContext): Promise<Scene> {
  const [tcp = 0, ws = 0, wss = 0, msrpTcp = 0, msrpWs = 0, msrpWss = 0] = await freePorts(6);
  const at = (scheme: string, port: number): string => `${scheme}://127.0.0.1:${port}`;
  const sip = { listen: [at('tcp', tcp), at('ws', ws), at('wss', wss)] };
  const msrp = { listen: [at('tcp', msrpTcp), at('ws', msrpWs), at('wss', msrpWss)] };
  const http = { origins: ['https://pages.test'] };
  const config = { sip: { domain: DOMAIN, ...sip }, msrp, http, rooms: { lobby: { network: null } } };
  const parley = await startParley(t, { config });
  assert.deepEqual(parley.listeners, [...sip.listen, ...msrp.listen, parley.http]);
  const options = (user: string, transport: 'tcp' | 'ws' | 'wss', port: number): JoinOptions => ({
    room: 'lobby',
    domain: DOMAIN,
    user,
    sip: { host: '127.0.0.1', port, transport },
  });
  return {
    parley,
    phone: (user) => options(user, 'tcp', tcp),
    page: (user) => ({ ...options(user, 'ws', ws), web: true }),
    securePage: (user) => ({ ...options(user, 'wss', wss), web: true, tls: true }),
    ownPage: (user) => ({ ...options(user, 'ws', Number(new URL(parley.http).port)), web: true }),
  };
}

const PICTURE = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 7) % 256));

test('pages and a phone talk; pictures go both ways; what the room wants of a page comes over its own connection', async (t) => {
  const { parley, phone, page, securePage, ownPage } = await scene(t);
  const bob = await join(t, phone('bob'));
  const alice = await join(t, page('alice'));
  assert.equal(alice.media.protocol, 'TCP/MSRP');
  assert.match(alice.media.path[0] ?? '', /^msrp:\/\/127\.0\.0\.1:\d+\/[^;]+;ws$/);
  assert.equal(alice.media.setup, 'passive');
  const carol = await join(t, securePage('carol'));
  assert.equal(carol.media.protocol, 'TCP/TLS/MSRP');
  assert.match(carol.media.path[0] ?? '', /^msrps:\/\/127\.0\.0\.1:\d+\/[^;]+;ws$/);
  const dave = await join(t, ownPage('dave'));
  const everybody = [alice, bob, carol, dave];

  await alice.subscribes();
  await alice.seesRoster('all four', ({ people }) => people.size === 4);
  for (const speaker of everybody) {
    await speaker.says(`from ${speaker.name}: grüße`);
    for (const other of everybody) {
      if (other !== speaker) await other.hears(`from ${speaker.name}: grüße`, { from: speaker.address });
    }
  }
  await alice.nickname('Alice in the page');
  await alice.whispers(bob.address, 'only you');
  await bob.hears('only you', { from: alice.address, to: bob.address });

  // RFC 7977 section 5.1: to a WebSocket a large message goes in several chunks, to a phone in one.
  await bob.says(PICTURE, { content: 'image/png' });
  for (const page of [alice, carol, dave]) {
    const { cpim, raw } = await page.hears(/./s, { type: 'image/png' });
    assert.deepEqual(cpim.content, PICTURE);
    const message = page.msrp.messages.all.find(({ body }) => body.equals(raw));
    assert.ok((message?.frames.length ?? 0) > 1);
  }
  await alice.says(PICTURE, { content: 'image/png' });
  assert.deepEqual((await bob.hears(/./s, { type: 'image/png', from: alice.address })).cpim.content, PICTURE);

  // The room makes the offer: a place that a page can reach. None that can be dialled is to be had of a page.
  const erin = await join(t, { ...ownPage('erin'), offerless: true });
  assert.match(erin.media.path[0] ?? '', /;ws$/);
  await erin.says('late');
  await bob.hears('late');
  await isRefused(t, { ...page('frank'), setup: 'passive' }, 488);
  await erin.leaves();

  await dave.leaves();
  await alice.seesRoster('that Dave has gone', ({ people }) => people.size === 3);
  const sentAway = [alice, carol].map((page) => page.isSentAway());
  await parley.stop();
  for (const bye of await Promise.all(sentAway))
    assert.match(bye.headers.find(([n]) => n === 'via')?.[1] ?? '', /^SIP\/2\.0\/WSS? /);
});

test('foreign pages, other subprotocols and other paths are refused, on listeners and at the HTTP port', async (t) => {
  const { parley, page } = await scene(t);
  const port = page('nobody').sip.port;
  const handshake = async (url: string, protocol: string, origin?: string): Promise<number | undefined> => {
    const socket = new WebSocket(url, protocol, origin === undefined ? {} : { origin });
    t.after(() => socket.terminate());
    socket.on('error', () => {});
    return new Promise((resolve) => {
      socket.once('open', () => resolve(101));
      socket.once('unexpected-response', (_, { statusCode }) => resolve(statusCode));
    });
  };
  const http = parley.http.replace('http:', 'ws:');
  const listener = `ws://127.0.0.1:${port}/`;
  for (const [url, protocol, origin, status] of [
    [listener, 'sip', undefined, 101],
    [listener, 'sip', 'https://pages.test', 101],
    [listener, 'sip', 'https://evil.test', 403],
    [listener, 'msrp', undefined, 400],
    [`${http}/sip`, 'sip', parley.http, 101],
    [`${http}/sip`, 'sip', 'null', 403],
    [`${http}/sip`, 'msrp', undefined, 400],
    [`${http}/msrp`, 'msrp', 'https://pages.test', 101],
    [`${http}/msrp`, 'msrp', 'http://pages.test', 403],
    [`${http}/`, 'sip', undefined, 101],
    [`${http}/`, 'msrp', undefined, 101],
    [`${http}/`, 'irc', undefined, 400],
    [`${http}/elsewhere`, 'sip', undefined, 404],
    // A page is a page, whatever else is asked for.
    [`${http}/healthz`, 'sip', undefined, 200],
  ] as const) {
    assert.equal(await handshake(url, protocol, origin), status, `${url} ${protocol} ${origin}`);
  }
  // The pages are there all the same.
  assert.equal((await fetch(`${parley.http}/healthz`)).status, 200);
});
