/**
 * Messages through the program as a process of its own and a real inspircd: from SIP to IRC, from IRC to SIP, and both at
 * once. Counts what was lost, doubled or out of order, and how long it took.
 */
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { join } from '../naive/join.ts';
import type { Participant } from '../naive/participant.ts';
import { startInspircd } from '../peers/irc-server.ts';
import { ircClient, type IrcClient } from '../support/irc-client.ts';
import { DOMAIN, startParley, type Parley } from '../support/parley.ts';
import { withContext } from './context.ts';
import { percentile, type Row } from './table.ts';
import { outOfOrder, Run, Witness } from './witness.ts';

/** Messages a second, of all senders of a run together. */
const RATE = 200;
/** Milliseconds: the longest that timers take. */
const FOREVER = 2 ** 31 - 1;
/** Milliseconds without anything heard after which the rest is lost: longer than a confirmation may take. */
const PATIENCE = 20_000;

interface Company {
  readonly parley: Parley;
  readonly phones: ReadonlyMap<string, Participant>;
  readonly clients: ReadonlyMap<string, IrcClient>;
}

/** Whoever does not send is a witness. */
const WAYS: readonly { readonly way: string; readonly label: string; readonly senders: readonly string[] }[] =
  [
    { way: 'SIP to IRC', label: 'to-irc', senders: ['alice', 'bob'] },
    { way: 'IRC to SIP', label: 'to-sip', senders: ['ann', 'bea'] },
    { way: 'both at once', label: 'both', senders: ['alice', 'ann'] },
  ];

/** `count` messages each way; one row for each. */
export function through(count = 10_000): Promise<Row[]> {
  return withContext(async (t) => {
    const company = await gather(t);
    const rows: Row[] = [];
    for (const { way, label, senders } of WAYS) {
      rows.push({ way, ...(await run(company, new Run(label), senders, count)) });
    }
    return rows;
  });
}

async function gather(t: TestContext): Promise<Company> {
  const irc = await startInspircd(t);
  const clients = new Map<string, IrcClient>();
  for (const nick of ['ann', 'bea', 'cleo']) {
    const client = await ircClient(t, { host: irc.host, port: irc.port, nick });
    await client.joins('#lobby');
    clients.set(nick, client);
  }
  const config = {
    networks: { local: { servers: [`irc://${irc.host}:${irc.port}`], pace: null } },
    rooms: { lobby: { network: 'local', channel: '#lobby' } },
    // Each speaker is faster than people.
    msrp: { limits: { sends: null } },
    log: { level: 'info' },
  };
  const parley = await startParley(t, { config });
  await clients.get('ann')?.sees({ command: 'JOIN', from: 'parley' });
  const phones = new Map<string, Participant>();
  for (const user of ['alice', 'bob', 'cyd']) {
    const sip = { ...parley.sip, transport: 'tcp' as const };
    phones.set(user, await join(t, { room: 'lobby', domain: DOMAIN, user, sip }));
  }
  return { parley, phones, clients };
}

async function run(company: Company, messages: Run, senders: readonly string[], count: number): Promise<Row> {
  const { phones, clients, parley } = company;
  const before = failures(company);
  const witnesses = [
    ...[...clients].filter(([name]) => !senders.includes(name)).map(([, client]) => watch(messages, client)),
    ...[...phones].filter(([name]) => !senders.includes(name)).map(([, phone]) => listen(messages, phone)),
  ];
  const begin = performance.now();
  while (messages.count < count) {
    const due = Math.min(count, ((performance.now() - begin) / 1000) * RATE);
    while (messages.count < due) {
      const sender = senders[messages.count % senders.length] ?? '';
      const text = messages.next(sender);
      const phone = phones.get(sender);
      if (phone) phone.msrp.postMessage(phone.wraps(text));
      else clients.get(sender)?.sends(`PRIVMSG #lobby :${text}`);
    }
    await delay(2);
  }
  const waits = ({ lost, lastAt }: Witness): boolean => lost > 0 && performance.now() - lastAt < PATIENCE;
  while (witnesses.some(waits)) await delay(20);

  const sum = (of: (witness: Witness) => number): number =>
    witnesses.reduce((total, witness) => total + of(witness), 0);
  const latencies = (side: string): number[] =>
    witnesses.filter((witness) => witness.side === side).flatMap((witness) => witness.latencies);
  return {
    messages: messages.count,
    witnesses: witnesses.length,
    lost: sum(({ lost }) => lost),
    doubled: sum(({ doubled }) => doubled),
    'out of order': outOfOrder(messages, witnesses),
    failures: failures(company) - before,
    'SIP p50 ms': percentile(latencies('SIP'), 0.5),
    'SIP p99 ms': percentile(latencies('SIP'), 0.99),
    'IRC p50 ms': percentile(latencies('IRC'), 0.5),
    'IRC p99 ms': percentile(latencies('IRC'), 0.99),
    'memory MiB': Math.round(parley.memory() / 1024 / 1024),
  };
}

function watch(messages: Run, client: IrcClient): Witness {
  const witness = new Witness(messages, 'IRC');
  const looks = client.expects((line) => {
    if (line.command === 'PRIVMSG') witness.hears(line.text);
    return false;
  }, FOREVER);
  // It ends with the connection.
  looks.catch(() => {});
  return witness;
}

function listen(messages: Run, phone: Participant): Witness {
  const witness = new Witness(messages, 'SIP');
  const looks = phone.heard.takes(
    'every message',
    ({ text }) => {
      witness.hears(text);
      return false;
    },
    FOREVER,
  );
  looks.catch(() => {});
  return witness;
}

/** Messages of all phones that were refused at once or by a REPORT. */
function failures({ phones }: Company): number {
  return [...phones.values()]
    .flatMap(({ msrp }) => msrp.frames.all)
    .filter(({ method, status, headers }) =>
      method === undefined
        ? status >= 300
        : headers.some(([name, value]) => name.toLowerCase() === 'status' && !/^000 2/.test(value)),
    ).length;
}
