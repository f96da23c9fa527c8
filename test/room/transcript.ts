/**
 * A room played as a transcript: rows of what happens and what the room wants done about it.
 * Inputs are made by the functions below; effects are written as short lines of text.
 */
import assert from 'node:assert/strict';
import { plainLines, plainText } from '../../src/common/spans.ts';
import { textContent, type Content } from '../../src/room/content.ts';
import type { RoomEffect } from '../../src/room/effects.ts';
import type { Newcomer, Person, Recipient, Role, RoomInput, RoomSettings } from '../../src/room/inputs.ts';
import { done, refused, type Outcome, type Refusal } from '../../src/room/refusals.ts';
import { Room } from '../../src/room/room.ts';
import type { Entry } from '../../src/room/roster.ts';

/** The time of the first input. */
export const START = Date.UTC(2026, 0, 1);

type Row = readonly [input: RoomInput, ...effects: string[]];

export interface StageOptions extends Partial<RoomSettings> {
  /** False: there is no IRC behind the room. */
  readonly networked?: boolean;
}

export class Stage {
  readonly room: Room;
  settings: RoomSettings;
  now = START;

  constructor({ networked = true, ...settings }: StageOptions = {}) {
    this.settings = {
      name: 'lobby',
      subject: undefined,
      nicknames: true,
      privateMessages: true,
      distribute: 'after-irc',
      history: 0,
      reservedNicknames: [],
      operators: undefined,
      ...settings,
    };
    this.room = new Room({ settings: this.settings, networked });
  }

  /** Plays rows; each must have just the effects that it names, in order. */
  plays(...rows: Row[]): void {
    for (const [input, ...effects] of rows) {
      const title = `${input.type} ${'request' in input ? input.request : ''}`;
      assert.deepEqual(this.room.handle(input, this.now).map(written), effects, title);
    }
  }

  /** Who is there: `alice = Alice [phone]`, in the order of coming. */
  get people(): string[] {
    return [...this.room.entries()].map(shown);
  }
}

/** A networked room that IRC can be reached from, with these participants, each with one device. */
export function roomOf(participants: readonly string[], options: StageOptions = {}): Stage {
  const stage = new Stage(options);
  const networked = options.networked !== false;
  if (networked) stage.room.handle(reach(true), stage.now);
  for (const name of participants) {
    stage.room.handle(join(`join-${name}`, name), stage.now);
    if (networked) stage.room.handle(settled(`join-${name}`, name), stage.now);
  }
  return stage;
}

export function newcomer(id: string, more: Partial<Newcomer> = {}): Newcomer {
  const usual = { displayName: '', userName: id, address: `sip:${id}@users.test` };
  return { id, ...usual, anonymous: false, host: '192.0.2.1', ...more };
}

export interface JoinManner extends Partial<Newcomer> {
  readonly device?: string;
  readonly takesPrivate?: boolean;
}

export function join(request: string, id: string, manner: JoinManner = {}): RoomInput {
  const { device = 'phone', takesPrivate = true, ...more } = manner;
  const endpoint = { id: `${id}/${device}`, address: `sip:${id}@${device}.test`, takesPrivate };
  return { type: 'join', request, newcomer: newcomer(id, more), endpoint };
}

export function cancel(request: string): RoomInput {
  return { type: 'cancel', request };
}

export function leave(id: string, device = 'phone', cause: 'left' | 'lost' = 'left'): RoomInput {
  return { type: 'leave', participant: id, endpoint: `${id}/${device}`, cause, reason: 'bye' };
}

/** The network's side has done what was asked; with the nick that it has for the participant, where it has one. */
export function settled(request: string, nick: string | undefined): RoomInput {
  return { type: 'settled', request, outcome: nick === undefined ? done : { ok: true, nick } };
}

/** The outcome of a request that the network's side refuses. */
export function refusedBy(request: string, refusal: Refusal): RoomInput {
  return { type: 'settled', request, outcome: refused(refusal, `because ${refusal}`) };
}

export function say(request: string, from: string, content: string | Content): RoomInput {
  return { type: 'say', request, from, endpoint: `${from}/phone`, content: contentOf(content) };
}

/** Recipients are ids, or `id or nick`. */
export function whisper(
  request: string,
  from: string,
  to: readonly string[],
  content: string | Content,
): RoomInput {
  const recipients = to.map((who): Recipient => {
    const [id = '', nick] = who.split(' or ');
    return { id, nick };
  });
  const endpoint = `${from}/phone`;
  return { type: 'whisper', request, from, endpoint, to: recipients, content: contentOf(content) };
}

export function rename(request: string, participant: string, nick?: string): RoomInput {
  return { type: 'rename', request, participant, nick };
}

export function reach(up: boolean): RoomInput {
  return { type: 'reach', up, text: up ? 'IRC is there' : 'IRC is away' };
}

export function person(id: string, nick = id, roles: readonly Role[] = [], away = false): Person {
  return { id, nick, roles, away };
}

export function arrived(id: string, nick?: string, roles?: readonly Role[]): RoomInput {
  return { type: 'arrived', person: person(id, nick, roles) };
}

export function heard(from: string, text: string): RoomInput {
  return { type: 'heard', from, nick: from, content: contentOf(text), at: START };
}

export function whispered(from: string, to: string, text: string, group?: string): RoomInput {
  const content = contentOf(text);
  const input = { type: 'whispered', from, nick: from, to, content, at: START } as const;
  return group === undefined ? input : { ...input, group };
}

/** What is no text: a picture, or a sign that somebody is typing. */
export function thing(kind: 'file' | 'signal', type: string, size = 34_000): Content {
  return { kind, type, size, held: size, text: () => undefined };
}

/** An effect as one line. */
export function written(effect: RoomEffect): string {
  switch (effect.type) {
    case 'taken':
      return `taken ${effect.request}`;
    case 'answer':
      return `answer ${effect.request} ${outcomeOf(effect.outcome)}`;
    case 'deliver': {
      const but = effect.origin === undefined ? '' : ` but ${effect.origin}`;
      return `deliver ${effect.from.nick}: ${nameOf(effect.content)} to all${but}`;
    }
    case 'whisper': {
      const group = effect.group === undefined ? '' : ` as one of ${effect.group}`;
      return `whisper ${effect.from.nick}: ${nameOf(effect.content)} to [${effect.to.join(' ')}]${group}`;
    }
    case 'replay': {
      const said = effect.messages.map(({ from, content }) => `${from.nick}: ${nameOf(content)}`);
      return `replay to ${effect.endpoint}: ${said.join(', ')}`;
    }
    case 'tell':
      return `tell ${effect.to ?? 'all'}: ${effect.text}`;
    case 'expel':
      return `expel ${effect.participant} (${effect.cause}): ${effect.text}`;
    case 'roster':
      return 'roster';
    case 'admit':
      return `admit ${effect.request} ${effect.newcomer.id}`;
    case 'release':
      return `release ${effect.participant} (${effect.cause}): ${effect.reason}`;
    case 'relay':
      return `relay ${effect.request} ${effect.from.nick}: ${nameOf(effect.content)}`;
    case 'relay-private':
      return `relay ${effect.request} ${effect.from.nick}: ${nameOf(effect.content)} to [${effect.to.join(' ')}]`;
    case 'rename':
      return `rename ${effect.request} ${effect.participant} to ${effect.nick ?? 'the default'}`;
    case 'unheard':
      return `unheard ${effect.participant}: ${effect.from}`;
  }
}

function outcomeOf(outcome: Outcome): string {
  if (!outcome.ok) return outcome.refusal;
  return outcome.nick === undefined ? 'ok' : `ok ${outcome.nick}`;
}

function contentOf(content: string | Content): Content {
  if (typeof content !== 'string') return content;
  return textContent({ action: false, lines: plainLines(content) });
}

function nameOf(content: Content): string {
  return (
    content
      .text()
      ?.lines.map((line) => plainText(line))
      .join(' / ') ?? content.type
  );
}

function shown({ id, nick, side, roles, away, endpoints }: Entry): string {
  const devices = endpoints.map((endpoint) => endpoint.id.split('/')[1]);
  const place = side === 'focus' ? `[${devices.join(' ')}]` : 'on IRC';
  return [`${id} = ${nick}`, place, ...roles, ...(away ? ['away'] : [])].join(' ');
}
