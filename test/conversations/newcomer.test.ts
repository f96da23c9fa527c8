/** The newcomer's way: `npm start`, an IRC client, a SIP client, and nothing else. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { test, type TestContext } from 'node:test';
import { join } from '../naive/join.ts';
import { Inbox } from '../support/inbox.ts';
import { ircClient } from '../support/irc-client.ts';
import { transcriptOf } from '../support/transcript.ts';

interface Run {
  /** What it prints, a line each. */
  readonly lines: Inbox<string>;
  readonly child: ChildProcess;
  readonly exit: Promise<number | null>;
}

/** Runs a command in the project's folder; it and all that it started are gone when the test ends. */
function run(t: TestContext, name: string, command: string, args: readonly string[]): Run {
  const own = Object.entries(process.env).filter(([variable]) => !variable.startsWith('PARLEY_'));
  const child = spawn(command, args, {
    detached: true,
    env: { ...Object.fromEntries(own), TERM: 'dumb' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const transcript = transcriptOf(t);
  const lines = new Inbox<string>(name, transcript);
  createInterface(child.stdout).on('line', (line) => {
    transcript.add(name, '<', line);
    lines.add(line);
  });
  createInterface(child.stderr).on('line', (line) => transcript.add(name, '!', line));
  const exit = once(child, 'close').then(([status]) => {
    lines.end(`it ended with ${String(status)}`);
    return status as number | null;
  });
  t.after(() => signal(child, 'SIGKILL'));
  return { lines, child, exit };
}

/** To the whole group: npm passes signals on to what it runs, and what it runs is what counts. */
function signal({ pid }: ChildProcess, name: NodeJS.Signals): void {
  try {
    process.kill(-(pid ?? 0), name);
  } catch {
    // It has ended.
  }
}

/** What the ready record says of one kind of listener. */
function place(listeners: readonly string[], scheme: string): { host: string; port: number } {
  const url = listeners.find((listener) => listener.startsWith(`${scheme}://`)) ?? '';
  const [, host = '', port = ''] = /:\/\/(.*):(\d+)$/.exec(url) ?? [];
  return { host, port: Number(port) };
}

test(
  'npm start: IRC and SIP clients chat both ways, change nicks, see each other, whisper and leave',
  { timeout: 90_000 },
  async (t) => {
    // A port that is taken gives way.
    const holder = createServer();
    t.after(() => holder.close());
    // Or somebody else has it.
    const taken = new Promise((resolve) => holder.once('listening', resolve).once('error', resolve));
    holder.listen(6667, '127.0.0.1');
    await taken;

    const program = run(t, 'npm', 'npm', ['start', '--silent']);
    const record = await program.lines.takes('ready', (line) => line.includes('"ready"'), 60_000);
    const { listeners } = JSON.parse(record) as { listeners: string[] };
    const irc = place(listeners, 'irc');
    const sip = { ...place(listeners, 'udp'), transport: 'tcp' as const };
    assert.notEqual(irc.port, 6667);

    const ann = await ircClient(t, { ...irc, nick: 'ann' });
    await ann.joins('#lobby');
    const alice = await join(t, { room: 'lobby', domain: '127.0.0.1', user: 'alice', sip });
    await ann.sees({ command: 'JOIN', from: 'alice' });
    await alice.says('hello, Ann');
    await ann.sees({ command: 'PRIVMSG', from: 'alice', to: '#lobby', text: 'hello, Ann' });
    await ann.says('#lobby', 'hello, Alice');
    await alice.hears('hello, Alice', { name: 'ann' });
    await alice.nickname('Queen');
    await ann.sees({ command: 'NICK', from: 'alice', text: 'Queen' });
    await alice.subscribes();
    await alice.seesRoster('Ann and herself', ({ people }) => people.size === 2);

    // The second command: the client in a terminal.
    const target = `sip:lobby@127.0.0.1:${sip.port}`;
    const terminal = run(t, 'terminal', 'npm', ['run', '--silent', 'client', '--', target, '--name', 'Bob']);
    await ann.sees({ command: 'JOIN', from: 'Bob' }, 30_000);
    terminal.child.stdin?.write('good evening\n');
    await ann.sees({ command: 'PRIVMSG', from: 'Bob', text: 'good evening' });
    await ann.says('#lobby', 'good evening, Bob');
    await terminal.lines.takes('the greeting', (line) => line.includes('<ann> good evening, Bob'));
    await ann.says('Bob', 'just between us');
    await terminal.lines.takes('the secret', (line) => line.includes('just between us'));
    await alice.whispers('sip:ann+local@127.0.0.1', 'only you');
    await ann.sees({ command: 'PRIVMSG', from: 'Queen', to: 'ann', text: 'only you' });
    terminal.child.stdin?.write('/quit\n');
    await ann.sees({ command: 'QUIT', from: 'Bob' });
    assert.equal(await terminal.exit, 0);

    await alice.leaves();
    await ann.sees({ command: 'QUIT', from: 'Queen' });
    for (const line of program.lines.all) JSON.parse(line);
    signal(program.child, 'SIGTERM');
    await program.exit;
  },
);

test(
  'on a terminal a welcome takes the place of the records, and Ctrl-C ends it',
  { timeout: 60_000 },
  async (t) => {
    // Exec, as not every shell gives way to the one command that it was given, and it would die of the Ctrl-C.
    const main = `exec ${process.execPath} dist/src/main.js`;
    const program = run(t, 'terminal', 'script', ['-qec', main, '/dev/null']);
    await program.lines.takes('the SIP address', (line) => line.includes('sip:lobby@127.0.0.1:'), 30_000);
    await program.lines.takes('how to stop', (line) => line.includes('Ctrl-C'));
    program.child.stdin?.write('\x03');
    assert.equal(await program.exit, 0);
    assert.ok(!program.lines.all.some((line) => line.startsWith('{')), 'no records');
    assert.ok(program.lines.all.length < 30);
  },
);
