/** A large image through the program to a few participants: how long it takes, and how much memory. */
import type { TestContext } from 'node:test';
import { startParley } from '../support/parley.ts';
import { Chatters } from './chatters.ts';
import { withContext } from './context.ts';
import { children, cpuSeconds, memory } from './process-figures.ts';
import { SipDoor } from './sip-door.ts';
import { median, type Row } from './table.ts';

const PARTICIPANTS = 20;
const MIB = 1_048_576;
const IMAGE = 64 * MIB;
/** Bytes of a chunk that we hold for a recipient. */
const SLICE = 65_536;

export const IMAGE_NOTE = `\
An image of ${IMAGE / MIB} MiB in one SEND to ${PARTICIPANTS - 1} others. MiB: of the program's memory, before, at most while it comes through, and after.
"slices each": what it had more at most, divided by the recipients, in slices of 64 KiB.`;

/** A row for each image; the second finds a process that has seen one. */
export function image(count = 2): Promise<Row[]> {
  return withContext((t) => measure(t, count));
}

async function measure(t: TestContext, count: number): Promise<Row[]> {
  const others = children();
  const config = {
    rooms: { lobby: { network: null } },
    msrp: { maxMessageSize: 2 * IMAGE },
    log: { level: 'info' },
  };
  const parley = await startParley(t, { config });
  const pid = children().find((child) => !others.includes(child)) ?? 0;
  const door = await SipDoor.open(parley.sip);
  t.after(() => door.leaves());
  const enters = (user: string, path: string): Promise<string> => door.enters(user, path);
  const chatters = await Chatters.gather(PARTICIPANTS, parley.msrp, enters);
  t.after(() => chatters.leave());
  const rows: Row[] = [];
  for (let sent = 0; sent < count; sent += 1) {
    const before = memory(pid).now;
    let most = before;
    const watch = setInterval(() => (most = Math.max(most, memory(pid).now)), 5);
    const from = { at: performance.now(), cpu: cpuSeconds(pid) };
    const bytes = await chatters.shows(Buffer.alloc(IMAGE, 'an image '));
    const seconds = (performance.now() - from.at) / 1000;
    clearInterval(watch);
    rows.push({
      image: sent + 1,
      'MB/s in': Math.round(IMAGE / 1e6 / seconds),
      'MB/s out': Math.round((median(bytes) * bytes.length) / 1e6 / seconds),
      'CPU s': Math.round((cpuSeconds(pid) - from.cpu) * 100) / 100,
      got: bytes.filter((each) => each >= IMAGE).length,
      'MiB before': before,
      'MiB most': most,
      'MiB after': memory(pid).now,
      'slices each': Math.round((((most - before) * MIB) / SLICE / bytes.length) * 10) / 10,
    });
  }
  return rows;
}
