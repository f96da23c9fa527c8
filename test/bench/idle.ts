/** What an idle session takes of the memory, beside a bare socket: both after a garbage collection, in processes of their own. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { Chatters } from './chatters.ts';
import { withContext } from './context.ts';
import type { Ready, Taken } from './idle-sessions.ts';
import { median, type Row } from './table.ts';

const SIZES = [1000, 5000];
const ROUNDS = 3;

export const IDLE_NOTE = `\
What a process has more with the connections than with none, divided by their number, after a garbage collection; what the kernel
holds is not in it. "bare": a socket and a closure. "session": one of our library on a connection of its own. "all": memory of
the process as soon as all have come; "quiet": some seconds later, when the engine has given back its room for new objects, which
is one for the process and not one for each connection; "heap": of JavaScript's heap. Medians of ${ROUNDS} rounds.`;

/** Two rows for each number of connections. */
export async function idle(count?: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const size of count === undefined ? SIZES : [count]) {
    const rounds: { readonly bare: Taken; readonly session: Taken }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      rounds.push({ bare: await measure('bare', size), session: await measure('msrp', size) });
    }
    for (const what of ['bare', 'session'] as const) {
      const of = (kind: typeof what, part: keyof Taken): number =>
        median(rounds.map((round) => round[kind][part])) / size;
      rows.push({
        connections: size,
        what,
        'all, bytes each': Math.round(of(what, 'all')),
        'x bare': Math.round((of(what, 'all') / of('bare', 'all')) * 100) / 100,
        'quiet, bytes each': Math.round(of(what, 'quiet')),
        'quiet, x bare': Math.round((of(what, 'quiet') / of('bare', 'quiet')) * 100) / 100,
        'heap, bytes each': Math.round(of(what, 'heap')),
      });
    }
  }
  return rows;
}

/** What a process has more with so many connections than with none. */
function measure(kind: string, size: number): Promise<Taken> {
  return withContext(async (t) => {
    const none = await start(t, kind, 0);
    const { child, ready } = await start(t, kind, size);
    const paths = [...ready.paths];
    const place = { host: '127.0.0.1', port: ready.port };
    const all = await Chatters.gather(size, place, () => paths.pop() ?? '', false);
    t.after(() => all.leave());
    const [empty, taken] = await Promise.all([memoryOf(none.child), memoryOf(child)]);
    return {
      all: taken.all - empty.all,
      quiet: taken.quiet - empty.quiet,
      heap: taken.heap - empty.heap,
    };
  });
}

async function start(
  t: TestContext,
  kind: string,
  size: number,
): Promise<{ child: ChildProcess; ready: Ready }> {
  const script = new URL('./idle-sessions.js', import.meta.url);
  const child = fork(script, [kind, String(size)], { execArgv: ['--expose-gc'] });
  t.after(() => void child.kill('SIGKILL'));
  const [ready] = (await once(child, 'message')) as [Ready];
  return { child, ready };
}

async function memoryOf(child: ChildProcess): Promise<Taken> {
  child.send('memory');
  const [taken] = (await once(child, 'message')) as [Taken];
  return taken;
}
