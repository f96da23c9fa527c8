/**
 * One message to many: the program, and beside it two bare switches in Node, each a process of its own with the same
 * participants. The program is the real one; its participants come in by SIP.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startParley } from '../support/parley.ts';
import { Chatters, SENDERS } from './chatters.ts';
import { withContext } from './context.ts';
import { children, cpuSeconds } from './process-figures.ts';
import { SipDoor } from './sip-door.ts';
import { median, type Row } from './table.ts';

const SIZES = [10, 100, 1000];
/** Messages on their way at one time. */
const IN_FLIGHT = 32;
/** Every server is measured so many times, in turns. */
const ROUNDS = 5;
/** Milliseconds: for the first time, which does not count, and for every other. */
const WARM_UP = 1500;
const TIME = 1200;
/** SIP calls that wait for their answer at one time. */
const CALLS = 50;

export const FANOUT_NOTE = `\
A room with network: null; ${SENDERS} participants send, ${IN_FLIGHT} messages are on their way, every SEND is answered 200. Medians of ${ROUNDS} rounds
in which the servers take turns. "bare (a)": Node that writes a prebuilt buffer for each delivery. "bare (b)": Node that joins
the frames of a turn for each connection. "x (a)" and "x (b)": deliveries a second divided by theirs. "CPU x (b)": CPU time of
a delivery divided by that of (b). "load": the part of the time that the load generator, this process, was busy.`;

interface Server {
  readonly name: string;
  readonly pid: number;
  readonly chatters: Chatters;
}

interface Figures {
  readonly rate: number;
  readonly cpu: number;
  readonly load: number;
  readonly lost: number;
}

/** A row for each server and size. `count` is of no use here: it takes as many messages as go through in the time. */
export async function fanout(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const size of SIZES) rows.push(...(await withContext((t) => compare(t, size))));
  return rows;
}

async function compare(t: TestContext, size: number): Promise<Row[]> {
  const servers = [
    await program(t, size),
    await bare(t, 'single', '(a)', size),
    await bare(t, 'joined', '(b)', size),
  ];
  const figures = servers.map((): Figures[] => []);
  for (const server of servers) await measure(server, WARM_UP);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [at, server] of servers.entries()) figures[at]?.push(await measure(server, TIME));
  }
  const of = (at: number, name: keyof Figures): number =>
    median((figures[at] ?? []).map((each) => each[name]));
  return servers.map(({ name, chatters }, at) => ({
    participants: size,
    server: name,
    'bytes a frame': chatters.frameBytes,
    'deliveries/s': Math.round(of(at, 'rate')),
    'CPU us each': digits(of(at, 'cpu')),
    'x (a)': digits(of(at, 'rate') / of(1, 'rate')),
    'x (b)': digits(of(at, 'rate') / of(2, 'rate')),
    'CPU x (b)': digits(of(at, 'cpu') / of(2, 'cpu')),
    load: digits(of(at, 'load')),
    lost: figures[at]?.reduce((sum, { lost }) => sum + lost, 0) ?? 0,
  }));
}

async function program(t: TestContext, size: number): Promise<Server> {
  const others = children();
  const config = {
    rooms: { lobby: { network: null } },
    // The speakers are faster than people.
    msrp: { limits: { sends: null } },
    log: { level: 'info' },
  };
  const parley = await startParley(t, { config });
  const pid = children().find((child) => !others.includes(child)) ?? 0;
  const door = await SipDoor.open(parley.sip);
  t.after(() => door.leaves());
  const waiting = new Set<Promise<string>>();
  const enters = async (user: string, path: string): Promise<string> => {
    while (waiting.size >= CALLS) await Promise.race(waiting);
    const call = door.enters(user, path).finally(() => waiting.delete(call));
    waiting.add(call);
    return call;
  };
  return gathered(t, 'Parley', pid, await Chatters.gather(size, parley.msrp, enters));
}

async function bare(t: TestContext, writes: string, name: string, size: number): Promise<Server> {
  const child = fork(new URL('./bare-switch.js', import.meta.url), [writes]);
  t.after(() => void child.kill('SIGKILL'));
  const [port] = (await once(child, 'message')) as [number];
  const place = { host: '127.0.0.1', port };
  const path = `msrp://127.0.0.1:${port}/01234567890123456789;tcp`;
  return gathered(t, `bare ${name}`, child.pid ?? 0, await Chatters.gather(size, place, () => path));
}

function gathered(t: TestContext, name: string, pid: number, chatters: Chatters): Server {
  t.after(() => chatters.leave());
  return { name, pid, chatters };
}

async function measure({ pid, chatters }: Server, ms: number): Promise<Figures> {
  chatters.start(IN_FLIGHT);
  await delay(100);
  const from = {
    at: performance.now(),
    cpu: cpuSeconds(pid),
    own: cpuSeconds(process.pid),
    all: chatters.deliveries,
  };
  await delay(ms);
  const seconds = (performance.now() - from.at) / 1000;
  const deliveries = chatters.deliveries - from.all;
  const cpu = cpuSeconds(pid) - from.cpu;
  const own = cpuSeconds(process.pid) - from.own;
  await chatters.stop();
  return {
    rate: deliveries / seconds,
    cpu: (cpu * 1e6) / deliveries,
    load: own / seconds,
    lost: chatters.lost,
  };
}

function digits(value: number): number {
  return Math.round(value * 100) / 100;
}
