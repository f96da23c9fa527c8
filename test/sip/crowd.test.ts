/** How many connections one network address may have, whatever they are made of. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeCertificate } from '../support/certificate.ts';
import { BOTH, start } from './fixture.ts';
import { Peer, status } from './peer.ts';

const URI = 'sip:lobby@chat.example.org';
const certificate = makeCertificate();
const LISTEN = [
  ...BOTH,
  { transport: 'tls', host: '127.0.0.1', port: 0 },
  { transport: 'ws', host: '127.0.0.1', port: 0 },
] as const;

async function speaks(peer: Peer): Promise<void> {
  assert.equal(status(await peer.ask(peer.request('OPTIONS', URI))), 200);
}

test('checklist 65: sip.limits.connectionsPerAddress: who only connects, or sends what is no message, gives way; who has sent one stays', async (t) => {
  const f = await start(t, { listen: LISTEN, certificate, connectionsPerAddress: 3 });
  const tcp = await Peer.tcp(t, f.tcp);
  const ws = await Peer.ws(t, f.ws);
  const tls = await Peer.tls(t, f.tls, certificate.cert);
  await speaks(tls);
  // A keep-alive is no message, nor is what has no end.
  tcp.send('\r\n\r\nOPTIONS sip:lobby');
  const second = await Peer.tcp(t, f.tcp);
  await tcp.hungUp();
  const third = await Peer.ws(t, f.ws);
  await ws.hungUp();
  for (const peer of [tls, second, third]) await speaks(peer);

  // There is no newcomer among them, so it is the next one that has to go.
  const late = await Peer.tcp(t, f.tcp);
  await late.hungUp();
  await assert.rejects(Peer.ws(t, f.ws));
  for (const peer of [tls, second, third]) await speaks(peer);
  const datagrams = await Peer.udp(t, f.udp);
  await speaks(datagrams);

  second.close();
  await second.hungUp();
  // Their end may be seen before ours is.
  while (f.stack.load.connections > 2) await new Promise(setImmediate);
  await speaks(await Peer.tcp(t, f.tcp));
  await speaks(tls);
});
