/** A chat room in the terminal: `npm run client -- sip:lobby@127.0.0.1:5060 --name Alice`. */
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { HELP, parseLine } from './commands.ts';
import { Screen } from './screen.ts';
import { RoomSession } from './session.ts';
import { findTarget, type Wanted } from './target.ts';

/** Milliseconds that the end of input waits for what was sent last; the room itself takes up to 10 s. */
const LAST_REPORTS = 12_000;

const USAGE = `Usage:
  npm run client -- ROOM [options]     e.g. sip:lobby@127.0.0.1:5060 --name Alice

  --name NAME      what you are called; default: your login
  --from ADDRESS   your SIP address; default: sip:NAME@ and the address of this host
  --tcp, --udp     how to reach the room by SIP; default: TCP
  --help

In the room, what you type is said to all; /help shows the commands.`;

/** The exit status: 0 after leaving, 1 where something is wrong or the room has hung up. */
async function main(argv: readonly string[]): Promise<number> {
  const wanted = readArguments(argv);
  if (wanted === undefined) {
    console.log(USAGE);
    return 0;
  }
  let interrupted = (): void => process.exit(1);
  const screen = new Screen({ input: process.stdin, output: process.stdout }, () => interrupted());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted());
  const progress = (text: string): void => screen.show(`.. ${text}`);

  progress(`connecting to ${wanted.room}`);
  const target = await findTarget(wanted);
  const session = new RoomSession({ target, name: wanted.name, show: (line) => screen.show(line), progress });
  interrupted = () => void session.leave();
  await session.join();
  screen.show(`-- you are in ${target.room} as ${target.self}; /help shows the commands`);

  const typed = converse(session, screen);
  const { wanted: left, text } = await session.ended;
  screen.close();
  if (left) await typed;
  if (text !== '') screen.show(`! ${text}`);
  return left ? 0 : 1;
}

/** Does what is typed, line by line, until the end of input or /quit; then leaves. */
async function converse(session: RoomSession, screen: Screen): Promise<void> {
  for await (const line of screen.lines()) {
    const action = parseLine(line);
    if (action.type === 'quit') {
      screen.close();
      return session.leave(action.reason);
    }
    await act(action, session, screen);
  }
  await session.reported(LAST_REPORTS);
  await session.leave();
}

async function act(
  action: ReturnType<typeof parseLine>,
  session: RoomSession,
  screen: Screen,
): Promise<void> {
  switch (action.type) {
    case 'say':
      return session.say(action.text);
    case 'whisper':
      return session.whisper(action.nick, action.text);
    case 'nickname':
      return session.nickname(action.nick);
    case 'names':
      return screen.show(await session.names());
    case 'topic':
      return screen.show(await session.topic());
    case 'help':
      return HELP.forEach((line) => screen.show(line));
    case 'wrong':
      return screen.show(`! ${action.problem}`);
    case 'nothing':
    case 'quit':
      return;
  }
}

/** Nothing where help is asked for. Throws an Error for people. */
function readArguments(argv: readonly string[]): Wanted | undefined {
  const options = {
    name: { type: 'string' },
    from: { type: 'string' },
    tcp: { type: 'boolean' },
    udp: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  let read;
  try {
    read = parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
  const { values, positionals } = read;
  if (values.help) return undefined;
  const [room, ...more] = positionals;
  if (room === undefined || more.length > 0) throw new Error(`one room is needed\n\n${USAGE}`);
  if (values.tcp && values.udp) throw new Error('either --tcp or --udp');
  const name = values.name ?? userInfo().username;
  return { room, name, from: values.from, transport: values.udp ? 'udp' : 'tcp' };
}

let status: number;
try {
  status = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`! ${error instanceof Error ? error.message : String(error)}\n`);
  status = 1;
}
process.exit(status);
