/** What a server tells, as events. A closed union of plain values; `messages.ts` makes them of lines. */
import type { ModeChange } from './isupport.ts';
import type { Source } from './source.ts';

/** Somebody in a list of a channel's people. */
export interface Listed {
  readonly nick: string;
  /** The characters of its statuses, highest first; empty for none. */
  readonly status: string;
  /** Undefined where the server does not tell. */
  readonly user: string | undefined;
  readonly host: string | undefined;
}

export type IrcEvent =
  | { type: 'welcome'; nick: string }
  | { type: 'join'; who: Source; channel: string; account: string | undefined }
  | { type: 'part'; who: Source; channel: string; reason: string }
  | { type: 'quit'; who: Source; reason: string }
  | { type: 'kick'; who: Source; channel: string; target: string; reason: string }
  | { type: 'kill'; who: Source; target: string; reason: string }
  | { type: 'nick'; who: Source; nick: string }
  | { type: 'topic'; channel: string; text: string }
  | { type: 'mode'; who: Source; channel: string; changes: readonly ModeChange[] }
  | {
      type: 'message';
      who: Source;
      /** A channel without its status characters, or a nick. */
      target: string;
      /** The status characters before the channel: only people of that status get it. */
      status: string;
      text: string;
      notice: boolean;
      account: string | undefined;
      /** Milliseconds since 1970, as the server says; undefined where it does not. */
      time: number | undefined;
      /** The name of the batch it came in. */
      batch: string | undefined;
    }
  | { type: 'names'; channel: string; people: readonly Listed[] }
  | { type: 'names-end'; channel: string }
  | {
      type: 'who';
      channel: string;
      nick: string;
      user: string;
      host: string;
      away: boolean;
      /** Undefined where the server does not tell, '' where there is none. */
      account: string | undefined;
    }
  | { type: 'who-end'; mask: string }
  | { type: 'away'; who: Source; away: boolean }
  | { type: 'account'; who: Source; account: string }
  | { type: 'host'; who: Source; user: string; host: string }
  /** Our own host as others see it. */
  | { type: 'own-host'; host: string }
  | { type: 'invite'; who: Source; target: string; channel: string }
  | { type: 'batch'; name: string; kind: string; open: boolean }
  | { type: 'pong'; token: string }
  | { type: 'error'; text: string }
  /** A numeric that refuses something; `subject` is the parameter behind our nick: a channel, a nick, a command. */
  | { type: 'refused'; numeric: string; subject: string; text: string };
