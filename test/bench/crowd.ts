/** Many IRC connections in one channel, at little cost: what they hear is counted, and read by a few only. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export const CHANNEL = '#crowd';
/** Connections that register at one time. */
const AT_ONCE = 300;
/** Milliseconds within which somebody must be registered and in the channel, or a fence must be answered. */
const PATIENCE = 20_000;
/** What a program of today agrees on; every second one does. */
const CAPABILITIES = 'message-tags server-time';

/** Every read goes into it and is looked at before the next one: memory of this process is not what is measured. */
const READ = Buffer.alloc(65_536);

/** One connection. */
export class Member {
  readonly nick: string;
  /** Lines that came since it was set to 0. */
  lines = 0;
  /** When something came last, as `performance.now()` tells it. */
  heardAt = 0;
  /** Is told the text of every message; set for a few only. */
  hears: ((text: string) => void) | undefined;
  readonly #socket: Socket;
  readonly #channel: string;
  /** What stands before a text. */
  readonly #command: string;
  #tail = '';
  #wanted: { readonly text: string; readonly found: () => void } | undefined;

  constructor(host: string, port: number, nick: string, channel = CHANNEL) {
    this.nick = nick;
    this.#channel = channel;
    this.#command = `PRIVMSG ${channel} :`;
    const onread = {
      buffer: READ,
      callback: (length: number): boolean => {
        this.#takeIn(length);
        return true;
      },
    };
    this.#socket = connect({ host, port, noDelay: true, onread });
    // What is not heard any more counts as lost.
    this.#socket.on('error', () => {});
  }

  /** Registers and joins. Rejects where that takes too long. */
  async enters(capable: boolean): Promise<void> {
    await once(this.#socket, 'connect');
    const { nick } = this;
    const about = [`NICK ${nick}`, `USER ${nick} 0 * :${nick}`];
    await this.#answered(' 001 ', ...(capable ? [`CAP REQ :${CAPABILITIES}`, ...about, 'CAP END'] : about));
    await this.#answered(' 366 ', `JOIN ${this.#channel}`);
  }

  /** Resolves when everything that was on the way to it has come. */
  settles(): Promise<void> {
    return this.#answered('the-fence', 'PING the-fence');
  }

  /** Says texts in the channel, in one write. */
  says(texts: readonly string[]): void {
    this.#socket.write(texts.map((text) => `${this.#command}${text}\r\n`).join(''));
  }

  leaves(): void {
    this.#socket.destroy();
  }

  async #answered(text: string, ...lines: string[]): Promise<void> {
    const found = new Promise<boolean>((resolve) => (this.#wanted = { text, found: () => resolve(true) }));
    this.#socket.write(lines.map((line) => `${line}\r\n`).join(''));
    const late = new AbortController();
    const came = await Promise.race([found, delay(PATIENCE, false, { signal: late.signal })]);
    late.abort();
    this.#wanted = undefined;
    if (!came) throw new Error(`${this.nick} got no ${text.trim()} in ${PATIENCE / 1000} s`);
  }

  #takeIn(length: number): void {
    this.heardAt = performance.now();
    if (!this.#wanted && !this.hears) {
      this.#tail = '';
      // The last read left the rest of the buffer as it was.
      for (let at = READ.indexOf(10); at >= 0 && at < length; at = READ.indexOf(10, at + 1)) this.lines += 1;
      return;
    }
    const lines = (this.#tail + READ.toString('latin1', 0, length)).split('\n');
    this.#tail = lines.pop() ?? '';
    this.lines += lines.length;
    for (const line of lines) this.#read(line.trimEnd());
  }

  #read(line: string): void {
    if (this.#wanted && line.includes(this.#wanted.text)) {
      // It is an answer, which is not counted.
      this.lines -= 1;
      this.#wanted.found();
      this.#wanted = undefined;
    }
    const at = this.hears ? line.indexOf(this.#command) : -1;
    if (at >= 0) this.hears?.(line.slice(at + this.#command.length));
  }
}

/** Connects so many and has them join. All of them have heard of all others when it resolves. */
export async function gather(host: string, port: number, nicks: readonly string[]): Promise<Member[]> {
  const members: Member[] = [];
  const waiting = [...nicks.entries()];
  const usher = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [at, nick] = next;
      const member = new Member(host, port, nick);
      members.push(member);
      await member.enters(at % 2 === 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, usher));
  await Promise.all(members.map((member) => member.settles()));
  return members;
}
