/** From lines to events: one table, a row for each command and numeric that means something to us. */
import { plainOf } from './codes.ts';
import type { IrcEvent, Listed } from './events.ts';
import type { ISupport } from './isupport.ts';
import type { IrcLine } from './line.ts';
import { parseSource } from './source.ts';

/** The query type of our WHOX requests, which comes back in each 354 (IRCv3 whox). */
const WHOX_TYPE = '152';
/** The fields of our WHOX requests, in the order in which a server gives them. */
export const WHOX_FIELDS = `%tcuhnfa,${WHOX_TYPE}`;

type Row = (line: IrcLine, support: ISupport) => IrcEvent | undefined;

/** The event that a line is; undefined where it means nothing to us or lacks what it must have. */
export function eventOf(line: IrcLine, support: ISupport): IrcEvent | undefined {
  const row = table[line.command];
  if (row) return row(line, support);
  return /^[45]\d\d$/.test(line.command) ? refused(line, support) : undefined;
}

const who = (line: IrcLine) => parseSource(line.source);
const last = (line: IrcLine): string => line.params.at(-1) ?? '';
/** A parameter that must be there; the empty text stands for none, and no event comes of it. */
const param = (line: IrcLine, at: number): string => line.params[at] ?? '';
/** The same of what people read beside the messages: reasons, explanations. They have no styles there. */
const words = (line: IrcLine, at: number): string => plainOf(param(line, at));
const lastWords = (line: IrcLine): string => plainOf(last(line));

const message =
  (notice: boolean): Row =>
  (line, support) => {
    const { status, rest } = support.splitStatus(param(line, 0));
    // Only a channel can have status characters before it: `+nick` would be a nick that no server gives.
    const group = status !== '' && support.isChannel(rest);
    const time = Date.parse(line.tags.get('time') ?? '');
    return {
      type: 'message',
      who: who(line),
      target: group ? rest : param(line, 0),
      status: group ? status : '',
      text: param(line, 1),
      notice,
      account: line.tags.get('account'),
      time: Number.isNaN(time) ? undefined : time,
      batch: line.tags.get('batch'),
    };
  };

const refused: Row = (line) => ({
  type: 'refused',
  numeric: line.command,
  subject: line.params.length > 2 ? param(line, 1) : '',
  text: lastWords(line),
});

const listed = (word: string, support: ISupport): Listed => {
  const { status, rest } = support.splitStatus(word);
  const { nick, user, host } = parseSource(rest);
  return { nick, status, user: user || undefined, host: host || undefined };
};

const table: Readonly<Record<string, Row>> = {
  '001': (line) => ({ type: 'welcome', nick: param(line, 0) }),
  // IRCv3 extended-join: channel, account or `*`, real name.
  JOIN: (line) => ({
    type: 'join',
    who: who(line),
    channel: param(line, 0),
    account: line.params.length < 3 ? undefined : accountOf(param(line, 1)),
  }),
  PART: (line) => ({ type: 'part', who: who(line), channel: param(line, 0), reason: words(line, 1) }),
  QUIT: (line) => ({ type: 'quit', who: who(line), reason: words(line, 0) }),
  KICK: (line) => ({
    type: 'kick',
    who: who(line),
    channel: param(line, 0),
    target: param(line, 1),
    reason: words(line, 2),
  }),
  KILL: (line) => ({ type: 'kill', who: who(line), target: param(line, 0), reason: words(line, 1) }),
  NICK: (line) =>
    param(line, 0) === '' ? undefined : { type: 'nick', who: who(line), nick: param(line, 0) },
  TOPIC: (line) => ({ type: 'topic', channel: param(line, 0), text: words(line, 1) }),
  '331': (line) => ({ type: 'topic', channel: param(line, 1), text: '' }),
  '332': (line) => ({ type: 'topic', channel: param(line, 1), text: words(line, 2) }),
  MODE: (line, support) =>
    support.isChannel(param(line, 0))
      ? {
          type: 'mode',
          who: who(line),
          channel: param(line, 0),
          changes: support.modeChanges(line.params.slice(1)),
        }
      : undefined,
  PRIVMSG: message(false),
  NOTICE: message(true),
  '353': (line, support) => ({
    type: 'names',
    channel: param(line, 2),
    people: last(line)
      .split(' ')
      .filter((word) => word !== '')
      .map((word) => listed(word, support)),
  }),
  '366': (line) => ({ type: 'names-end', channel: param(line, 1) }),
  // RFC 2812 section 5.1: channel, user, host, server, nick, flags.
  '352': (line) => ({
    type: 'who',
    channel: param(line, 1),
    user: param(line, 2),
    host: param(line, 3),
    nick: param(line, 5),
    away: param(line, 6).startsWith('G'),
    account: undefined,
  }),
  '354': (line) =>
    param(line, 1) === WHOX_TYPE
      ? {
          type: 'who',
          channel: param(line, 2),
          user: param(line, 3),
          host: param(line, 4),
          nick: param(line, 5),
          away: param(line, 6).startsWith('G'),
          account: param(line, 7) === '0' ? '' : param(line, 7),
        }
      : undefined,
  '315': (line) => ({ type: 'who-end', mask: param(line, 1) }),
  // IRCv3 away-notify: without a text the user is back.
  AWAY: (line) => ({ type: 'away', who: who(line), away: param(line, 0) !== '' }),
  ACCOUNT: (line) => ({ type: 'account', who: who(line), account: accountOf(param(line, 0)) }),
  CHGHOST: (line) => ({ type: 'host', who: who(line), user: param(line, 0), host: param(line, 1) }),
  '396': (line) => ({ type: 'own-host', host: param(line, 1).replace(/^.*@/, '') }),
  INVITE: (line) => ({ type: 'invite', who: who(line), target: param(line, 0), channel: param(line, 1) }),
  BATCH: (line) => ({
    type: 'batch',
    name: param(line, 0).slice(1),
    kind: param(line, 1),
    open: param(line, 0).startsWith('+'),
  }),
  PONG: (line) => ({ type: 'pong', token: last(line) }),
  ERROR: (line) => ({ type: 'error', text: lastWords(line) }),
  // IRCv3 standard-replies: FAIL command code [context...] :text.
  FAIL: (line) => ({
    type: 'refused',
    numeric: `FAIL ${param(line, 1)}`,
    subject: line.params.length > 3 ? param(line, 2) : param(line, 0),
    text: lastWords(line),
  }),
};

function accountOf(name: string): string {
  return name === '*' ? '' : name;
}
