/** What a row of the table of commands is. */
import type { IrcLine } from '../line.ts';
import type { Client } from './client.ts';
import type { World } from './world.ts';

/** Does what a command says. Throws nothing for whatever a client may send. */
export type Handler = (client: Client, line: IrcLine, world: World) => void;

export interface Command {
  readonly name: string;
  /** Parameters that there must be, none of them empty; else 461. */
  readonly least: number;
  /** When it may come: before registration only (else 462), after it only (else 451), or always. */
  readonly when: 'before' | 'after' | 'always';
  readonly run: Handler;
  /** Its parameters and what it does, for HELP. */
  readonly help: readonly [string, string];
}
