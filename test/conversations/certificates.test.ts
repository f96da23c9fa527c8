/** The certificate of MSRP over TLS, as an operator sees it: made at the start, renewed by SIGHUP, and nobody is dropped. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { join as joins } from '../naive/join.ts';
import { fingerprintOf } from '../naive/msrp-connection.ts';
import type { Participant } from '../naive/participant.ts';
import { makeCertificate } from '../support/certificate.ts';
import { type Parley, startParley } from '../support/parley.ts';
import { howTo } from './scene.ts';

const rooms = { quiet: { network: null } };

interface Files {
  readonly cert: string;
  readonly key: string;
  /** Writes another certificate, and gives its fingerprint. */
  readonly renew: () => string;
}

function filesOf(t: TestContext): Files {
  const folder = mkdtempSync(join(tmpdir(), 'parley-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const renew = (): string => {
    const made = makeCertificate();
    writeFileSync(cert, made.cert);
    writeFileSync(key, made.key);
    return fingerprintOf(made.cert);
  };
  return { cert, key, renew };
}

async function comes(t: TestContext, parley: Parley, user: string): Promise<Participant> {
  return joins(t, howTo(parley, user, { room: 'quiet', tls: true }));
}

test(
  'checklist 27: SIGHUP: newcomers see another certificate, who is there stays; files that are wrong change nothing',
  {
    timeout: 60_000,
  },
  async (t) => {
    const { cert, key, renew } = filesOf(t);
    const own = { rooms };
    const withFiles = { rooms, tls: { cert, key } };
    const parley = await startParley(t, { config: own });
    const alice = await comes(t, parley, 'alice');
    const made = alice.media.fingerprint;
    const people = [alice];
    const seesNow = async (fingerprint: string | undefined): Promise<void> => {
      const newcomer = await comes(t, parley, `user${people.length}`);
      assert.equal(newcomer.media.fingerprint, fingerprint);
      people.push(newcomer);
    };
    // What was made at the start stays what it is.
    await parley.reload(own);
    await seesNow(made);
    renew();
    const renewed = renew();
    await parley.reload(withFiles);
    await seesNow(renewed);
    rmSync(key);
    const { problems } = await parley.reload(withFiles);
    assert.match(String(problems), /^\S+: tls\.key: \S+ cannot be read: there is no such file$/);
    await seesNow(renewed);
    await parley.reload(own);
    await seesNow(made);
    await alice.says('we are all here');
    for (const other of people.slice(1)) await other.hears('we are all here');
  },
);

test(
  'checklist 65: msrp.limits.connectionsPerAddress: who only connects gives way, and who is in a room stays',
  {
    timeout: 60_000,
  },
  async (t) => {
    const parley = await startParley(t, {
      config: { rooms, msrp: { limits: { connectionsPerAddress: 3 } } },
    });
    const alice = await comes(t, parley, 'alice');
    const silent = await alice.msrp.reach(`msrp://127.0.0.1:${parley.msrp.port};tcp`);
    const secure = await alice.msrp.reach(`msrps://127.0.0.1:${parley.msrp.port};tcp`);
    const bob = await comes(t, parley, 'bob');
    await silent.closed;
    const carol = await comes(t, parley, 'carol');
    await secure.closed;
    await alice.says('three are enough');
    await bob.hears('three are enough');
    await carol.hears('three are enough');
    await assert.rejects(comes(t, parley, 'dave'));
    await carol.leaves();
    await comes(t, parley, 'erin');
  },
);
