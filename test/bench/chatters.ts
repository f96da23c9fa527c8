/**
 * Many MSRP connections at little cost: a few send, all others hear and count bytes. It keeps so many messages on their way
 * that the switch has always something to do, and no more.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { greeting, imageFrame, nextId, pathLines, sendFrame, wrapped } from './frames.ts';

/** Of all connections so many send. */
export const SENDERS = 4;
/** Milliseconds in which something must come. */
const PATIENCE = 30_000;
/** Connections that are opened at one time. */
const AT_ONCE = 50;
const OK = ' 200 OK\r\n';

/** Every read goes into it and is looked at before the next one. */
const READ = Buffer.alloc(65_536);

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** Gives the path under which the switch knows somebody with this name and path. */
export type Enters = (user: string, path: string) => Promise<string> | string;

class Chatter {
  readonly user: string;
  readonly path: string;
  paths = '';
  bytes = 0;
  oks = 0;
  readonly #counts: boolean;
  readonly #heard: (bytes: number) => void;
  #socket: Socket | undefined;

  /** `counts`: whether it looks for 200s. */
  constructor(user: string, counts: boolean, heard: (bytes: number) => void) {
    this.user = user;
    this.path = `msrp://127.0.0.1:28550/${user};tcp`;
    this.#counts = counts;
    this.#heard = heard;
  }

  async enters(place: Place, enters: Enters): Promise<void> {
    this.paths = pathLines(await enters(this.user, this.path), this.path);
    let greeted = (): void => {};
    const answered = new Promise<void>((resolve) => (greeted = resolve));
    let first = true;
    const callback = (length: number): boolean => {
      if (first) {
        first = false;
        greeted();
      } else this.#takeIn(length);
      return true;
    };
    this.#socket = connect({ ...place, noDelay: true, onread: { buffer: READ, callback } });
    this.#socket.on('error', () => {});
    await once(this.#socket, 'connect');
    this.#socket.write(greeting(nextId(), this.paths));
    await answered;
  }

  says(texts: number): void {
    let frames = '';
    for (let at = 0; at < texts; at += 1) {
      const id = nextId();
      frames += sendFrame(id, this.paths, wrapped(this.user, `This is what message ${id} says. `));
    }
    this.#socket?.write(frames, 'latin1');
  }

  /** Sends an image in one chunk, as fast as it is taken. */
  async shows(image: Buffer): Promise<void> {
    const id = nextId();
    const [head, tail] = imageFrame(id, this.paths, this.user, image.length);
    this.#socket?.write(head, 'latin1');
    for (let at = 0; at < image.length; at += READ.length) {
      const taken = this.#socket?.write(image.subarray(at, at + READ.length));
      if (this.#socket && !taken) await once(this.#socket, 'drain');
    }
    this.#socket?.write(tail, 'latin1');
  }

  leaves(): void {
    this.#socket?.destroy();
  }

  #takeIn(length: number): void {
    this.bytes += length;
    if (this.#counts) {
      for (let at = READ.indexOf(OK); at >= 0 && at < length; at = READ.indexOf(OK, at + 1)) this.oks += 1;
    } else this.#heard(length);
  }
}

/** The connections of one switch. */
export class Chatters {
  /** Bytes of one frame, as the listeners get it. */
  frameBytes = 0;
  /** How many of the last run were not heard by all, or not answered. */
  lost = 0;
  readonly #all: Chatter[] = [];
  readonly #listeners: Chatter[] = [];
  readonly #senders: Chatter[] = [];
  #heardBytes = 0;
  /** At so many heard bytes another message is through. */
  #nextAt = Infinity;
  #sent = 0;
  #through = 0;
  #most = 0;
  #inFlight = 0;
  /** Told when another message is through. */
  #passed: (() => void) | undefined;

  /** So many join the room of a switch, which passes on what they say at once unless `learn` is false. */
  static async gather(count: number, place: Place, enters: Enters, learn = true): Promise<Chatters> {
    const chatters = new Chatters();
    const names = Array.from({ length: count }, (_, at) => `p${String(at).padStart(4, '0')}`);
    for (let at = 0; at < count; at += AT_ONCE) {
      await Promise.all(
        names.slice(at, at + AT_ONCE).map((name, more) => chatters.#add(name, at + more, place, enters)),
      );
    }
    if (!learn) return chatters;
    await chatters.learns(() => chatters.say());
    await until(() => chatters.#answered === 1);
    chatters.#sent = 1;
    return chatters;
  }

  /** Sends one message. */
  say(): void {
    this.#senders[0]?.says(1);
  }

  /** One sends an image. Resolves when nothing of it comes any more; the bytes that each of the others got. */
  async shows(image: Buffer): Promise<number[]> {
    this.#nextAt = Infinity;
    const [sender, ...others] = this.#all;
    for (const other of others) other.bytes = 0;
    await sender?.shows(image);
    const got = (): number => Math.min(...others.map(({ bytes }) => bytes));
    for (let last = -1; got() < image.length && got() !== last;) {
      last = got();
      for (let time = 0; time < PATIENCE / 10 && got() === last; time += 1) await delay(2);
    }
    return others.map(({ bytes }) => bytes);
  }

  /** Resolves when the next message, of whomever, has come to the last of the listeners. */
  passes(): Promise<void> {
    return new Promise((resolve) => (this.#passed = resolve));
  }

  /** Has one message sent, which shows how long the frames of such messages are. */
  async learns(provoke: () => void): Promise<void> {
    for (const listener of this.#listeners) listener.bytes = 0;
    this.#nextAt = Infinity;
    provoke();
    const [first] = this.#listeners;
    await until(() => this.#listeners.every(({ bytes }) => bytes > 0 && bytes === first?.bytes));
    this.frameBytes = first?.bytes ?? 0;
    this.#heardBytes = this.frameBytes * this.#listeners.length;
    this.#through = 1;
    this.#nextAt = 2 * this.#heardBytes;
  }

  get size(): number {
    return this.#all.length;
  }

  /** Deliveries so far, of those who only listen and of the others alike. */
  get deliveries(): number {
    return (this.#heardBytes / this.frameBytes / this.#listeners.length) * (this.size - 1);
  }

  /** Keeps `inFlight` messages on their way until `stop` is called. */
  start(inFlight: number): void {
    this.#inFlight = inFlight;
    this.#most = Infinity;
    this.#goOn();
  }

  /** Sends nothing more, and waits until all has come. */
  async stop(): Promise<void> {
    this.#most = 0;
    const before = this.#sent;
    await until(() => this.#through === this.#sent && this.#answered === before).catch(() => {});
    this.lost = this.#sent - this.#through + this.#sent - this.#answered;
  }

  leave(): void {
    for (const chatter of this.#all) chatter.leaves();
  }

  get #answered(): number {
    return this.#senders.reduce((sum, { oks }) => sum + oks, 0);
  }

  async #add(name: string, at: number, place: Place, enters: Enters): Promise<void> {
    const sends = at < SENDERS;
    const chatter = new Chatter(name, sends, (bytes) => this.#heard(bytes));
    await chatter.enters(place, enters);
    this.#all.push(chatter);
    (sends ? this.#senders : this.#listeners).push(chatter);
  }

  #heard(bytes: number): void {
    this.#heardBytes += bytes;
    if (this.#heardBytes < this.#nextAt) return;
    const each = this.frameBytes * this.#listeners.length;
    this.#through = Math.floor(this.#heardBytes / each);
    this.#nextAt = (this.#through + 1) * each;
    this.#passed?.();
    this.#goOn();
  }

  #goOn(): void {
    const more = Math.min(this.#most, this.#inFlight - (this.#sent - this.#through));
    if (more < SENDERS && more < this.#inFlight) return;
    const share = Math.floor(more / SENDERS);
    for (const sender of this.#senders) sender.says(share);
    this.#sent += share * SENDERS;
  }
}

async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + PATIENCE;
  while (!holds()) {
    if (performance.now() > end) throw new Error('the switch has lost messages');
    await delay(2);
  }
}
