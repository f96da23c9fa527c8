/**
 * The built-in IRC server beside inspircd, each a process of its own: 500 idle and 100 talking clients in one channel. How
 * long they take to come in, what is lost, doubled or out of order when they talk, and what it costs the server.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { withServers } from '../peers/irc-server.ts';
import { withContext } from './context.ts';
import { gather, type Member } from './crowd.ts';
import { children, cpuSeconds, memory } from './process-figures.ts';
import { percentile, type Row } from './table.ts';
import { outOfOrder, Run, Witness } from './witness.ts';

const IDLE = 500;
const TALKING = 100;
/** So many of the idle ones and of the talking ones read what they hear; the others count it. */
const READERS = 3;
/** Lines a second of all talkers together: 90,000 deliveries, which both servers still take without falling behind. */
const RATE = 150;
/** Lines that everybody who talks says at once, and again when all have heard them: what waits for a client stays below 64 KiB. */
const AT_ONCE = 4;
/** Milliseconds without anything heard after which the rest is lost. */
const PATIENCE = 5000;

export const NOTE = `\
${IDLE} idle and ${TALKING} talking clients of one process in one channel; every second one has message-tags and server-time.
Paced: ${RATE} lines a second of all together. Flat out: ${AT_ONCE} lines of each at once, and again when all have heard them.
Flood control: inspircd has none here; the built-in server has its own for clients from loopback, 500 lines at once and
then 500 a second each, which nobody here comes to. Lost and doubled: of all clients, by count; order and delays: of
${2 * READERS} who read. CPU: seconds of the server. Memory (MiB): before and after the phase, and the most until then.
"speed x" and "CPU x": deliveries a second, and CPU time, divided by inspircd's in the same phase.`;

/** What a phase took: milliseconds of time, seconds of the server's CPU; and the MiB that the server had before it. */
interface Cost {
  readonly ms: number;
  readonly cpu: number;
  readonly before: number;
}

interface Phase extends Cost {
  readonly name: string;
  readonly row: Row;
}

/** About `count` lines paced, and three times as many as fast as they go; a row for each phase of each server. */
export async function servers(count = 1500): Promise<Row[]> {
  const rows: Row[] = [];
  let beside: readonly Phase[] | undefined;
  for (const { name, start } of withServers.filter((server) => server.name !== 'ngircd')) {
    const phases = await withContext(async (t) => {
      const others = children();
      // Nobody is asked whether it is still there: that would be a line more.
      const { host, port } = await start(t, { pingSeconds: 600 });
      const pid = children().find((child) => !others.includes(child));
      if (pid === undefined) throw new Error(`no process of ${name} is to be found`);
      return measure(host, port, pid, count);
    });
    beside ??= phases;
    for (const [at, phase] of phases.entries()) {
      const other = beside[at] ?? phase;
      const compared = {
        'speed x': twoDigits(other.ms / phase.ms),
        'CPU x': twoDigits(phase.cpu / other.cpu),
      };
      rows.push({ server: name, phase: phase.name, ...phase.row, ...compared });
    }
  }
  return rows;
}

async function measure(host: string, port: number, pid: number, count: number): Promise<Phase[]> {
  const talkers = Array.from({ length: TALKING }, (_, at) => `talker${at}`);
  const idle = Array.from({ length: IDLE }, (_, at) => `idle${at}`);
  const cost = meter(pid);
  const members = await gather(host, port, [...idle, ...talkers]);
  const came = cost(performance.now());
  const nothing = { lines: '', lost: '', doubled: '', 'out of order': '', 'deliveries/s': '' };
  const row = { ...nothing, ...told(came, pid), 'us each': '', 'p50 ms': '', 'p99 ms': '' };
  const phases: Phase[] = [{ name: 'come in', ...came, row }];
  phases.push(await talk('paced', members, pid, count, RATE));
  phases.push(await talk('flat out', members, pid, count * 3));
  for (const member of members) member.leaves();
  return phases;
}

/** Everybody who talks says its share of `count` lines, at `rate` lines a second or else in rounds, as fast as they go. */
async function talk(
  name: string,
  members: readonly Member[],
  pid: number,
  count: number,
  rate?: number,
): Promise<Phase> {
  const run = new Run(name.replace(' ', '-'));
  const talkers = members.slice(IDLE);
  const witnesses = new Map(
    [...some(members.slice(0, IDLE)), ...some(talkers)].map((at) => [at, watch(run, at)]),
  );
  for (const member of members) member.lines = 0;
  const due = (member: Member): number => run.count - run.countOf(member.nick);
  const lost = (): number => sum(members, (at) => witnesses.get(at)?.lost ?? Math.max(0, due(at) - at.lines));
  const lastAt = (): number => Math.max(...members.map(({ heardAt }) => heardAt));
  const heard = async (): Promise<void> => {
    const from = performance.now();
    while (lost() > 0 && performance.now() - Math.max(from, lastAt()) < PATIENCE) await delay(1);
  };

  const cost = meter(pid);
  if (rate === undefined) {
    while (run.count < count) {
      for (const member of talkers) {
        member.says(Array.from({ length: AT_ONCE }, () => run.next(member.nick)));
      }
      await heard();
    }
  } else {
    const begin = performance.now();
    while (run.count < count) {
      const now = Math.min(count, ((performance.now() - begin) / 1000) * rate);
      while (run.count < now) {
        const member = talkers[run.count % TALKING];
        member?.says([run.next(member.nick)]);
      }
      await delay(2);
    }
    await heard();
  }
  const took = cost(lastAt());
  // What is doubled may come behind the last line. Who was thrown out gives no answer, and has lost lines.
  await Promise.allSettled(members.map((member) => member.settles()));
  for (const member of members) member.hears = undefined;

  const deliveries = sum(members, due);
  const latencies = [...witnesses.values()].flatMap((witness) => witness.latencies);
  const row = {
    lines: run.count,
    lost: lost(),
    doubled: sum(members, (at) => witnesses.get(at)?.doubled ?? Math.max(0, at.lines - due(at))),
    'out of order': outOfOrder(run, [...witnesses.values()]),
    'deliveries/s': Math.round(deliveries / (took.ms / 1000)),
    ...told(took, pid),
    'us each': twoDigits((took.cpu * 1e6) / deliveries),
    'p50 ms': percentile(latencies, 0.5),
    'p99 ms': percentile(latencies, 0.99),
  };
  return { name, ...took, row };
}

/** From now until the moment that it is given; the CPU time until it is asked. */
function meter(pid: number): (end: number) => Cost {
  const begin = performance.now();
  const cpu = cpuSeconds(pid);
  const before = memory(pid).now;
  return (end) => ({ ms: end - begin, cpu: cpuSeconds(pid) - cpu, before });
}

function told({ ms, cpu, before }: Cost, pid: number): Row {
  const { now, most } = memory(pid);
  return {
    seconds: twoDigits(ms / 1000),
    'CPU s': twoDigits(cpu),
    'MiB before': before,
    after: now,
    most,
  };
}

/** The first, the last and some between. */
function some(members: readonly Member[]): Member[] {
  const step = (members.length - 1) / (READERS - 1);
  return Array.from({ length: READERS }, (_, at) => members[Math.round(at * step)]).filter(
    (at) => at !== undefined,
  );
}

function watch(run: Run, member: Member): Witness {
  const witness = new Witness(run, 'IRC', member.nick);
  member.hears = (text) => witness.hears(text);
  return witness;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

function twoDigits(value: number): number {
  return Math.round(value * 100) / 100;
}
