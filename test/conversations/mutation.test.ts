/** Thousands of bent messages at the program's doors: it lives, others chat on, and its memory is where it was. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { test, type TestContext } from 'node:test';
import { join } from '../naive/join.ts';
import { writeMsrp } from '../naive/msrp-frame.ts';
import type { Participant } from '../naive/participant.ts';
import { writeSip } from '../naive/sip-message.ts';
import { bent } from '../support/bending.ts';
import { startParley, type Parley } from '../support/parley.ts';
import { randomFrom, seedOfRun, type Random } from '../support/random.ts';
import { howTo } from './scene.ts';

const MESSAGES = 2000;
/** Bytes of memory that may be more than before: what is not collected yet, and what waits for its timer. */
const MORE = 64 * 1024 * 1024;

interface Scene {
  readonly parley: Parley;
  readonly random: Random;
  /** Somebody joins the room that is ill-treated. */
  readonly victim: (user: string) => Promise<Participant>;
  /** Two people elsewhere still hear each other, and the program answers SIP. */
  readonly chatsOn: (text: string) => Promise<void>;
}

/** Tells a story of bent messages; the seed is printed, and repeats the run as SEED of the environment. */
function mutations(name: string, tell: (scene: Scene, t: TestContext) => Promise<void>): void {
  test(name, { timeout: 180_000 }, async (t) => {
    const seed = seedOfRun();
    t.diagnostic(`SEED=${seed}`);
    const rooms = { calm: { network: null }, stormy: { network: null } };
    const parley = await startParley(t, { config: { rooms, log: { level: 'info' } } });
    const alice = await join(t, howTo(parley, 'alice', { room: 'calm' }));
    const bob = await join(t, howTo(parley, 'bob', { room: 'calm', udp: true }));
    // Gets whatever of the bent messages is taken for a message; the frames around it must be right.
    const hearer = await join(t, howTo(parley, 'hearer', { room: 'stormy', wrapped: '*' }));
    hearer.msrp.onMessage = () => {};
    const chatsOn = async (text: string): Promise<void> => {
      await alice.says(text);
      await bob.hears(text, { from: alice.address });
      assert.equal((await (await bob.dialog.request('OPTIONS')).final()).status, 200);
    };
    const victim = (user: string): Promise<Participant> => join(t, howTo(parley, user, { room: 'stormy' }));

    await chatsOn('before');
    const random = randomFrom(seed);
    await tell({ parley, random, victim, chatsOn }, t);
    await chatsOn('after');
    const late = await victim('late');
    await late.says('and now something else');
    await hearer.msrp.messages.takes('a message', ({ body }) => body.includes('something else'));
    assert.equal((await fetch(`${parley.http}/healthz`)).status, 200);
    const alarms = parley.records.all.filter(({ level }) => Number(level) >= 50);
    assert.deepEqual(alarms, [], `SEED=${seed}`);
  });
}

/** Fails where the memory does not come back, however often the program has had something to do since. */
async function memoryIsBack({ parley, chatsOn }: Scene, before: number): Promise<void> {
  for (let tries = 0; parley.memory() > before + MORE; tries++) {
    assert.ok(tries < 2000, `${parley.memory()} bytes of memory, ${before} before`);
    await chatsOn(`patience ${tries}`);
  }
}

function samples(protocol: 'msrp' | 'sip'): Buffer[] {
  const folder = new URL(`../torture/${protocol}/`, import.meta.url);
  return readdirSync(folder).map((name) => readFileSync(new URL(name, folder)));
}

/** Frames that a client sends, of a session of its own. */
function framesOf(who: Participant): Buffer[] {
  const { msrp } = who;
  const head = { transaction: 'bent0001', toPath: msrp.peer, fromPath: msrp.uri };
  const message = who.wraps('hello to all');
  const range = (from: number, to: number | '*'): [string, string] => [
    'Byte-Range',
    `${from}-${to}/${message.length}`,
  ];
  const type: [string, string] = ['Content-Type', 'message/cpim'];
  const id = (value: string): [string, string] => ['Message-ID', value];
  return [
    writeMsrp({ ...head, what: 'SEND' }, [id('m1'), range(1, message.length), type], message),
    writeMsrp({ ...head, what: 'SEND' }, [id('m2'), range(1, '*'), type], message.subarray(0, 90), '+'),
    writeMsrp({ ...head, what: 'SEND' }, [id('m2'), range(91, '*'), type], message.subarray(90)),
    writeMsrp({ ...head, what: 'SEND' }, [id('m3'), ['Success-Report', 'yes'], range(1, '*'), type], message),
    writeMsrp({ ...head, what: 'NICKNAME' }, [['Use-Nickname', '"Bender"']]),
    writeMsrp({ ...head, what: 'REPORT' }, [id('m4'), range(1, 9), ['Status', '000 200 OK']]),
    writeMsrp({ ...head, what: '200 OK' }),
    ...samples('msrp').map((sample) => {
      const text = sample.toString('latin1').slice(0, 3000);
      const own = text
        .replace(/^To-Path: .*$/m, `To-Path: ${msrp.peer}\r`)
        .replace(/^From-Path: .*$/m, `From-Path: ${msrp.uri}\r`);
      return Buffer.from(own, 'latin1');
    }),
  ];
}

mutations(`${MESSAGES} bent MSRP frames`, async (scene) => {
  const { parley, random, victim, chatsOn } = scene;
  let before = 0;
  let sent = 0;
  for (let person = 0; sent < MESSAGES; person++) {
    const mallory = await victim(`mallory${person % 7}`);
    const frames = framesOf(mallory);
    let open = true;
    void mallory.msrp.closed.then(() => (open = false));
    // A body that has lost its end swallows what follows, so a connection is given up after some frames.
    for (let count = 0; count < 12 && open; count++, sent++) {
      mallory.msrp.write(bent(frames[random(frames.length)] ?? Buffer.alloc(0), random));
      if (sent % 100 === 0) await chatsOn(`after ${sent} frames`);
    }
    if (person % 3 === 0) mallory.vanishes();
    else await mallory.call.bye();
    mallory.msrp.vanish();
    mallory.phone.close();
    // What a program needs once it has needed by now.
    if (before === 0 && sent > 400) before = parley.memory();
  }
  await memoryIsBack(scene, before);
});

/** Requests of somebody who is in a call, in it and outside. */
function requestsOf(victim: Participant): Buffer[] {
  const { callId, local, remote, target } = victim.dialog;
  const { sdp } = victim.phone;
  let branches = 0;
  const via = (): [string, string] => {
    return ['Via', `SIP/2.0/UDP 127.0.0.1:9;rport;branch=z9hG4bKbent${branches++}`];
  };
  const request = (method: string, uri: string, headers: [string, string][], body = ''): Buffer => {
    const all: [string, string][] = [
      via(),
      ['Max-Forwards', '70'],
      ['Contact', victim.phone.contact],
      ...headers,
    ];
    return Buffer.from(writeSip(`${method} ${uri} SIP/2.0`, all, body));
  };
  const inside = (method: string, cseq: number, headers: [string, string][] = [], body = ''): Buffer => {
    const dialog: [string, string][] = [
      ['From', local],
      ['To', remote],
      ['Call-ID', callId],
    ];
    return request(method, target, [...dialog, ['CSeq', `${cseq} ${method}`], ...headers], body);
  };
  const outside = (method: string, headers: [string, string][] = [], body = ''): Buffer => {
    const own: [string, string][] = [
      ['From', `<${victim.address}>;tag=bent`],
      ['To', `<${victim.roomUri}>`],
    ];
    const call: [string, string][] = [
      ['Call-ID', `bent${branches}`],
      ['CSeq', `1 ${method}`],
    ];
    return request(method, victim.roomUri, [...own, ...call, ...headers], body);
  };
  const media: [string, string] = ['Content-Type', 'application/sdp'];
  const conference: [string, string][] = [
    ['Event', 'conference'],
    ['Expires', '60'],
  ];
  return [
    outside('INVITE', [media], sdp),
    outside('INVITE'),
    outside('SUBSCRIBE', conference),
    outside('OPTIONS'),
    outside('MESSAGE', [['Content-Type', 'text/plain']], 'hello'),
    outside('REGISTER'),
    inside('INVITE', 10, [media], sdp),
    inside('ACK', 10),
    inside('INFO', 11, [['Content-Type', 'text/plain']], 'hello'),
    inside('SUBSCRIBE', 12, conference),
    inside('NOTIFY', 13, [
      ['Event', 'conference'],
      ['Subscription-State', 'active'],
    ]),
    inside('BYE', 14),
    inside('CANCEL', 1),
  ];
}

mutations(`${MESSAGES} bent SIP messages`, async (scene, t) => {
  const { parley, random, victim, chatsOn } = scene;
  const { host, port } = parley.sip;
  const udp = createSocket('udp4');
  t.after(() => udp.close());
  // Whatever is answered is nothing to us.
  udp.on('message', () => {});
  udp.on('error', () => {});
  let requests: Buffer[] = [];
  const torture = samples('sip');
  let before = 0;
  for (let sent = 0; sent < MESSAGES; sent++) {
    // The call that is bent has been ended by some message before long.
    if (sent % 200 === 0) requests = requestsOf(await victim(`mallory${sent / 200}`));
    const bases = random(3) === 0 ? torture : requests;
    const message = bent(bases[random(bases.length)] ?? Buffer.alloc(0), random);
    if (sent % 7 === 0) {
      const socket = connect(port, host);
      t.after(() => socket.destroy());
      socket.on('error', () => {});
      await once(socket, 'connect');
      socket.write(message);
      if (random(2) === 0) socket.end();
    } else {
      await new Promise<void>((resolve) => udp.send(message, port, host, () => resolve()));
    }
    if (sent % 25 === 24) await chatsOn(`after ${sent} messages`);
    if (sent === 400) before = parley.memory();
  }
  await memoryIsBack(scene, before);
});
