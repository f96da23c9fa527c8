/** One connection from its first octet to its end: admission, flood control, time-outs, and its lines to the commands. */
import { parseLine } from '../line.ts';
import type { Connection } from '../../transport/connection.ts';
import { Admission, type Places } from './admission.ts';
import { Client } from './client.ts';
import type { Command } from './command.ts';
import { dispatch } from './commands.ts';
import type { Departures } from './departures.ts';
import { Farewell } from './farewell.ts';
import { Flow, TRUSTED, USUAL } from './flow.ts';
import type { Taken } from './intake.ts';
import { Labelled, LONGEST_LABEL } from './labels.ts';
import { Liveness } from './liveness.ts';
import type { Newcomer } from './newcomers.ts';

/** Milliseconds that a connection has for taking the last lines, and for its end. */
const LINGER = 2000;
/** Milliseconds after which a long reply is gone on with in any case. */
const NUDGE = 1000;

/** What a browser that was lured here says first; it gets no answer that it could show or use. */
const HTTP = /^(?:GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH|PRI)$/;

/** What all connections have in common. */
export interface Shared extends Places {
  readonly departures: Departures;
  readonly table: ReadonlyMap<string, Command>;
}

/** A connection that was taken. */
export class ClientConnection implements Newcomer {
  readonly client: Client;
  readonly #shared: Shared;
  readonly #flow: Flow;
  readonly #liveness: Liveness;
  /** Resolves when its connection is over. */
  readonly closed: Promise<void>;
  readonly #admission: Admission;
  #farewell: Farewell | undefined;
  /** It has sent a line. */
  said = false;

  constructor(connection: Connection, secure: boolean, shared: Shared) {
    const { world, departures } = shared;
    const { clock } = world.options;
    this.#shared = shared;
    this.client = new Client(connection, {
      secure,
      now: clock.now(),
      departures,
      sendQueue: () => world.options.limits.sendQueue,
      overflowed: () => this.#drop('SendQ exceeded'),
      replied: () => this.#flow.release(),
      left: () => this.#settle(),
      ended: () => this.#farewell?.said(),
    });
    this.#admission = new Admission(this.client, this, shared);
    this.#flow = new Flow(
      connection,
      this.client.local ? TRUSTED : USUAL,
      clock,
      (taken) => this.#take(taken),
      () => this.refuse('Excess Flood'),
    );
    this.#liveness = new Liveness(clock, {
      ping: () => this.client.send(world.message({ prefix: '' }, 'PING', [], world.options.name)),
      gone: (reason) => this.refuse(reason),
    });
    let over: () => void = () => {};
    this.closed = new Promise((resolve) => (over = resolve));
    connection.handle({
      data: (bytes) => {
        this.#liveness.heard();
        this.#flow.add(bytes);
      },
      drained: () => {
        // Who still takes what it asked for is there, though nothing of it is read.
        if (this.client.busy) this.#liveness.heard();
        this.client.continue();
      },
      closed: (error) => {
        this.refuse(error ? 'Connection reset' : 'Remote host closed the connection');
        this.client.drop();
        this.#farewell?.over();
        over();
      },
    });
  }

  get local(): boolean {
    return this.client.local;
  }

  /** Lets it in, or tells why not. */
  admit(): void {
    this.#admission.admit();
  }

  /** A trusted gateway has named the address of its user. */
  trusted(): void {
    this.#flow.setRate(TRUSTED);
    this.#admission.trusted();
  }

  /** Ends the connection of somebody who was not let in, or whose server goes. */
  refuse(reason: string): void {
    this.#shared.world.quit(this.client, reason);
  }

  #drop(reason: string): void {
    this.refuse(reason);
    this.client.drop();
  }

  /** It is gone: nothing of it is left but the last lines on their way. */
  #settle(): void {
    this.#flow.stop();
    this.#liveness.stop();
    this.#admission.release();
    const { clock } = this.#shared.world.options;
    // Who was let in knows what ERROR means. Others may be many, and cost nothing more.
    const peerFirst = this.client.registered;
    this.#farewell = new Farewell(this.client.connection, { clock, peerFirst, limit: LINGER });
  }

  #take(taken: Taken): void {
    const { world, table } = this.#shared;
    const { client } = this;
    if (taken.kind === 'too-long') {
      world.reply(client, 'ERR_INPUTTOOLONG');
      return;
    }
    const line = parseLine(taken.text);
    if (!line) return;
    if (!this.said && line.command !== 'WEBIRC') this.#admission.count();
    this.said = true;
    this.#liveness.said();
    if (!client.registered) client.activeAt = world.now;
    if (client.gone) return;
    if (!client.registered && HTTP.test(line.command)) {
      this.#drop('Not an IRC client');
      return;
    }
    const was = client.registered;
    this.#labelled(line.tags.get('label'), () => {
      if (taken.kind === 'line') dispatch(client, line, table, world);
      else world.fail(client, commandName(line.command), 'INVALID_UTF8', NOT_UTF8);
    });
    if (client.busy) this.#hold();
    if (client.gone || !client.registered || was) return;
    this.#admission.registered();
    this.#liveness.registered();
  }

  /** Takes no more lines while a long reply is on its way. Not every connection that is slow tells when it takes more. */
  #hold(): void {
    this.#flow.hold();
    this.#shared.world.options.clock.after(NUDGE, () => {
      this.client.continue();
      if (this.client.busy) this.#hold();
    });
  }

  /** Runs what a line asks for, its response labelled where that was agreed (labeled-response). No fault leaves it. */
  #labelled(label: string | undefined, action: () => void): void {
    const { world } = this.#shared;
    const { client } = this;
    const run = (): void => {
      try {
        action();
      } catch (error) {
        world.options.log.error({ error: String(error) }, 'a command of an IRC client failed');
        world.reply(client, 'ERR_UNKNOWNERROR', '*', 'The server could not do that');
      }
    };
    const takes = client.has('labeled-response') && client.has('batch');
    if (!takes || label === undefined || label === '' || Buffer.byteLength(label) > LONGEST_LABEL) {
      run();
      return;
    }
    const message = (command: string, ...words: string[]) => world.message(world.origin, command, words);
    client.respond(new Labelled(label, { message, reference: world.reference() }), run);
  }
}

const NOT_UTF8 = 'Message rejected, your IRC software MUST use UTF-8 encoding on this network';

/** The command of a line that could not be read, where it is the name of one. */
function commandName(command: string): string {
  return /^[A-Z]{1,20}$/.test(command) ? command : '*';
}
