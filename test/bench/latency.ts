/** How long one message takes through the program while nothing else goes on, and beside it through a bare bridge in Node. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { withServers } from '../peers/irc-server.ts';
import { startParley } from '../support/parley.ts';
import { Chatters } from './chatters.ts';
import { withContext } from './context.ts';
import { Member } from './crowd.ts';
import { SipDoor } from './sip-door.ts';
import { percentile, type Row } from './table.ts';

const PARTICIPANTS = 100;
const MESSAGES = 400;
/** Messages that do not count, at the beginning. */
const WARM_UP = 200;
/** Milliseconds between two messages. */
const PAUSE = 8;
/** In so many rounds the two take turns. */
const ROUNDS = 4;

export const LATENCY_NOTE = `\
${PARTICIPANTS} participants in a room on one channel of the built-in server (a process of its own), which are relayed (puppets: false);
one message after the other, ${PAUSE} ms apart. "to SIP": from the IRC client's write to the last of the SENDs. "to IRC": from a SEND to
the line at an IRC client. The bare bridge is a client of the same server in another channel. "x": the
program's time divided by the bridge's.`;

interface Irc {
  readonly host: string;
  readonly port: number;
}

interface Bridge {
  readonly name: string;
  readonly chatters: Chatters;
  /** An IRC client in its channel. */
  readonly ann: Member;
  readonly toSip: number[];
  readonly toIrc: number[];
}

/** A row for the program and one for the bare bridge. */
export function latency(count = MESSAGES): Promise<Row[]> {
  return withContext(async (t) => {
    const server = withServers.find(({ name }) => name === 'embedded');
    if (!server) throw new Error('there is no built-in server');
    const irc = await server.start(t, { pingSeconds: 600 });
    const bridges = [await program(t, irc), await bare(t, irc)];
    for (const { chatters, ann } of bridges) await chatters.learns(() => ann.says([textOf(0)]));
    for (let round = -1; round < ROUNDS; round += 1) {
      for (const bridge of bridges) {
        await measure(bridge, round < 0 ? WARM_UP : Math.ceil(count / ROUNDS), round >= 0);
      }
    }
    return bridges.map((bridge) => rowOf(bridge, bridges[1] ?? bridge));
  });
}

async function measure(
  { chatters, ann, toSip, toIrc }: Bridge,
  count: number,
  counts: boolean,
): Promise<void> {
  for (let sent = 0; sent < count; sent += 1) {
    await delay(PAUSE);
    const passes = chatters.passes();
    const from = performance.now();
    ann.says([textOf(sent)]);
    await passes;
    if (counts) toSip.push(performance.now() - from);
  }
  for (let sent = 0; sent < count; sent += 1) {
    await delay(PAUSE);
    const heard = new Promise<void>((resolve) => (ann.hears = () => resolve()));
    const from = performance.now();
    chatters.say();
    await heard;
    if (counts) toIrc.push(performance.now() - from);
  }
  ann.hears = undefined;
  // The others have heard the last of them, too.
  await delay(100);
  await chatters.learns(() => ann.says([textOf(0)]));
}

function textOf(number: number): string {
  return `This is what line ${String(number).padStart(6, '0')} says. `.padEnd(120, '.');
}

function rowOf({ name, toSip, toIrc }: Bridge, bridge: Bridge): Row {
  const figures = (values: readonly number[], beside: readonly number[], label: string): Row => ({
    [`${label} p50 ms`]: percentile(values, 0.5, 2),
    [`${label} p99 ms`]: percentile(values, 0.99, 2),
    [`x p50 ${label}`]: digits(percentile(values, 0.5, 3) / percentile(beside, 0.5, 3)),
    [`x p99 ${label}`]: digits(percentile(values, 0.99, 3) / percentile(beside, 0.99, 3)),
  });
  return {
    bridge: name,
    ...figures(toSip, bridge.toSip, 'to SIP'),
    ...figures(toIrc, bridge.toIrc, 'to IRC'),
  };
}

function digits(value: number): number {
  return Math.round(value * 100) / 100;
}

async function program(t: TestContext, irc: Irc): Promise<Bridge> {
  const network = { servers: [`irc://${irc.host}:${irc.port}`], puppets: false, pace: null };
  const config = {
    networks: { local: network },
    rooms: { lobby: { network: 'local', channel: '#ours' } },
    log: { level: 'info' },
  };
  const parley = await startParley(t, { config });
  const door = await SipDoor.open(parley.sip);
  t.after(() => door.leaves());
  const enters = (user: string, path: string): Promise<string> => door.enters(user, path);
  const ann = await client(t, irc, 'ann', '#ours');
  return bridgeOf(t, 'Parley', ann, await Chatters.gather(PARTICIPANTS, parley.msrp, enters, false));
}

async function bare(t: TestContext, irc: Irc): Promise<Bridge> {
  const child = fork(new URL('./bare-bridge.js', import.meta.url), [irc.host, String(irc.port), '#bare']);
  t.after(() => void child.kill('SIGKILL'));
  const [port] = (await once(child, 'message')) as [number];
  const path = `msrp://127.0.0.1:${port}/01234567890123456789;tcp`;
  const place = { host: '127.0.0.1', port };
  const ann = await client(t, irc, 'bea', '#bare');
  return bridgeOf(t, 'bare bridge', ann, await Chatters.gather(PARTICIPANTS, place, () => path, false));
}

async function client(t: TestContext, irc: Irc, nick: string, channel: string): Promise<Member> {
  const member = new Member(irc.host, irc.port, nick, channel);
  t.after(() => member.leaves());
  await member.enters(false);
  return member;
}

function bridgeOf(t: TestContext, name: string, ann: Member, chatters: Chatters): Bridge {
  t.after(() => chatters.leave());
  return { name, chatters, ann, toSip: [], toIrc: [] };
}
