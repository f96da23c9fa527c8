/** Phones that call by TLS and by the sips URI of a room, beside one that knows nothing of it. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { isRefused, join as joins, type JoinOptions } from '../naive/join.ts';
import { header } from '../naive/sip-message.ts';
import { makeCertificate } from '../support/certificate.ts';
import { freePorts } from '../support/free-ports.ts';
import { DOMAIN, startParley, type Parley } from '../support/parley.ts';

const rooms = { quiet: { network: null } };

interface Scene {
  readonly parley: Parley;
  readonly config: Record<string, unknown>;
  readonly port: number;
  readonly phone: (user: string) => JoinOptions;
  /** By TLS; `ca`: whom it believes. */
  readonly secure: (user: string, ca?: string) => JoinOptions;
}

async function scene(t: TestContext, tls: object | undefined): Promise<Scene> {
  const [udp = 0, port = 0] = await freePorts(2);
  const listen = [`udp://127.0.0.1:${udp}`, `tls://127.0.0.1:${port}`];
  const config = { sip: { domain: DOMAIN, listen }, rooms, ...(tls && { tls }) };
  const parley = await startParley(t, { config });
  assert.deepEqual(parley.listeners.slice(0, 2), listen);
  const how = (user: string, sip: JoinOptions['sip']): JoinOptions => ({
    room: 'quiet',
    domain: DOMAIN,
    user,
    sip,
  });
  return {
    parley,
    config,
    port,
    phone: (user) => how(user, { host: '127.0.0.1', port: udp, transport: 'udp' }),
    secure: (user, ca) => how(user, { host: '127.0.0.1', port, transport: 'tls', ...(ca && { ca }) }),
  };
}

test('TLS and sips: talk, the roster, a renewed certificate, and the BYE of the room over the connection of the phone', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const tls = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  const renew = (): string => {
    const made = makeCertificate();
    writeFileSync(tls.cert, made.cert);
    writeFileSync(tls.key, made.key);
    return made.cert;
  };
  const before = renew();
  const { parley, config, port, phone, secure } = await scene(t, tls);
  const bob = await joins(t, phone('bob'));
  const alice = await joins(t, { ...secure('alice', before), sips: true, tls: true });
  assert.equal(header(alice.answer, 'contact'), `<sips:quiet@127.0.0.1:${port}>;isfocus`);
  await alice.subscribes();
  await alice.seesRoster('both', ({ people }) => people.size === 2);
  // Each is talked to under the URI by which it called.
  await bob.says('hello');
  await alice.hears('hello', { from: bob.address, to: `sips:quiet@${DOMAIN}` });
  await alice.says('hello to you');
  await bob.hears('hello to you', { from: alice.address, to: `sip:quiet@${DOMAIN}` });

  const after = renew();
  await parley.reload(config);
  const carol = await joins(t, secure('carol', after));
  assert.equal(header(carol.answer, 'contact'), `<sip:quiet@127.0.0.1:${port};transport=tls>;isfocus`);
  await alice.seesRoster('all three', ({ people }) => people.size === 3);
  await assert.rejects(joins(t, secure('dave', before)));
  await carol.leaves();

  const sentAway = alice.isSentAway();
  await parley.stop();
  assert.match(header(await sentAway, 'via'), new RegExp(`^SIP/2\\.0/TLS 127\\.0\\.0\\.1:${port};`));
});

test('without tls.cert a certificate is made at the start; MD5 as the only fingerprint is refused', async (t) => {
  const { secure, phone } = await scene(t, undefined);
  const alice = await joins(t, secure('alice'));
  const bob = await joins(t, phone('bob'));
  await alice.says('hello');
  await bob.hears('hello');
  const refused = await isRefused(t, { ...secure('carol'), tls: true, fingerprint: 'md5 4A:AD' }, 488);
  assert.equal(refused.reason, 'No Fingerprint By A Usable Hash Function');
});
