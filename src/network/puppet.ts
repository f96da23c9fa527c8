/**
 * One participant on one network: an own IRC connection, shared by all rooms and devices of that person.
 *
 * It is in a channel, or about to be, for as long as the room holds the participant; a session that was lost leaves it there for
 * the grace. A link that breaks is replaced without the rooms knowing.
 */
import { createHash } from 'node:crypto';
import type { Timer } from '../common/clock.ts';
import { Backoff } from '../irc/backoff.ts';
import type { IrcEvent } from '../irc/events.ts';
import { Link } from '../irc/link.ts';
import type { Loss } from '../irc/losses.ts';
import type { Newcomer, ParticipantId, RequestId } from '../room/inputs.ts';
import { refused } from '../room/refusals.ts';
import type { BridgedRoom } from './bridged-room.ts';
import type { Voice } from './channel.ts';
import { Memberships } from './memberships.ts';
import { NickChanges } from './nick-changes.ts';
import type { PuppetParts } from './puppet-parts.ts';
import { Speaker } from './speaker.ts';

/** Milliseconds that a link which ends may still take for what was said before. */
const LAST_WORDS_TIME = 3_000;
/** Milliseconds after which a participant is told that the connection is lost: often all of IRC is, and the room tells that. */
const TELL_TIME = 1_500;
/** Nicks to try where the default one cannot be had again. */
const NEXT_BEST = 4;

export class Puppet implements Voice {
  readonly participant: ParticipantId;
  readonly speaker: Speaker;
  readonly memberships: Memberships;
  readonly #newcomer: Newcomer;
  readonly #parts: PuppetParts;
  readonly #changes: NickChanges;
  readonly #backoff = new Backoff();
  #link: Link | undefined;
  #opening: { cancel(): void } | undefined;
  #timer: Timer | undefined;
  /** The nick that was in force last; empty before the first. */
  #nick = '';
  /** The nick that `""` asks for. */
  #defaultNick = '';
  #leaving = false;

  constructor(newcomer: Newcomer, parts: PuppetParts) {
    this.participant = newcomer.id;
    this.#newcomer = newcomer;
    this.#parts = parts;
    this.speaker = new Speaker(parts.clock);
    this.memberships = new Memberships({
      clock: parts.clock,
      participant: newcomer.id,
      nickname: () => this.nickname,
      join: (room) => this.#join(room),
      empty: (reason) => this.leave(reason),
      part: (room, reason) => this.#part(room, reason),
    });
    this.#changes = new NickChanges({
      clock: parts.clock,
      link: () => this.link,
      taken: (nick) => parts.taken(nick, this),
    });
  }

  /** The link while it is registered. */
  get link(): Link | undefined {
    return this.#link?.registered === true ? this.#link : undefined;
  }

  get nick(): string {
    return this.#nick;
  }

  /** What SIP participants see of the nick. */
  get nickname(): string {
    return this.#parts.shape().bare(this.#nick);
  }

  /** Whether somebody whom the reader sees is this puppet. */
  is(nick: string, mask: { user: string; host: string } | undefined): boolean {
    const link = this.link;
    if (!link || !(link.isOwn(nick) || this.#changes.mayBe(nick))) return false;
    const { user, host } = link.mask;
    // Before its first JOIN it knows no mask; the nick is its own all the same.
    return (
      mask === undefined ||
      user === undefined ||
      host === undefined ||
      (mask.user === user && mask.host === host)
    );
  }

  heard(channel: string, text: string): boolean {
    return this.speaker.heard(channel, text);
  }

  admit(room: BridgedRoom, request: RequestId): void {
    if (this.memberships.admit(room, request) && this.link) this.#join(room);
    if (!this.#link && !this.#opening && !this.#timer) this.#open('new');
  }

  /** Without a nickname the default one is asked for, or where somebody has that by now, what is nearest to it. */
  rename(room: BridgedRoom, request: RequestId, nickname: string | undefined): void {
    if (nickname === undefined)
      return this.#renameTo(room, request, [this.#defaultNick, ...this.#nextBest()]);
    const nick = this.#parts.shape().shape(nickname);
    if (nick !== undefined) return this.#renameTo(room, request, [nick]);
    room.settle(request, refused('nickname-malformed', `${nickname} cannot be a nick on IRC`));
  }

  #renameTo(room: BridgedRoom, request: RequestId, [nick = '', ...more]: readonly string[]): void {
    this.#changes.ask(nick, (outcome) => {
      const again = !outcome.ok && outcome.refusal === 'nickname-in-use' && more.length > 0;
      if (again) return this.#renameTo(room, request, more);
      room.settle(request, outcome.ok ? { ok: true, nick: this.nickname } : outcome);
      if (outcome.ok) this.#tellNick(room);
    });
  }

  #nextBest(): string[] {
    const best: string[] = [];
    for (const nick of this.#candidates()) if (best.push(nick) === NEXT_BEST) break;
    return best;
  }

  /** Opens a new link where there is none: the reader is back. */
  resume(): void {
    if (this.#leaving || this.#link || this.#opening) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#open('again');
  }

  /** Closes the link to open another one, as the settings have changed. */
  restart(reason: string): void {
    this.#link?.quit(reason);
  }

  /** Ends it: what was said before still goes out. */
  leave(reason: string): void {
    if (this.#leaving) return;
    this.#leaving = true;
    this.#timer?.cancel();
    this.#opening?.cancel();
    this.#opening = undefined;
    this.#changes.end();
    this.#parts.left(this);
    const end = (): void => {
      timer.cancel();
      if (this.#link) this.#link.quit(reason);
      else this.#closed();
    };
    const timer = this.#parts.clock.after(LAST_WORDS_TIME, end);
    this.speaker.whenIdle(end);
  }

  #open(kind: 'new' | 'again'): void {
    let dialled = false;
    const opening = this.#parts.governor.request(kind, (settled) => {
      dialled = true;
      this.#opening = undefined;
      this.#dial(settled);
    });
    // It may have been let go at once.
    if (!dialled) this.#opening = opening;
  }

  #dial(settled: () => void): void {
    const { clock, log, ca, server } = this.#parts;
    const settings = this.#parts.settings();
    const link = new Link(
      {
        server: server(),
        ca,
        nicks: this.#nicks(),
        username: identOf(this.#newcomer),
        realname: this.#realname(settings.puppetRealname),
        password: settings.password ?? undefined,
        sasl: undefined,
        capabilities: ['draft/no-implicit-names', 'no-implicit-names'],
        lean: true,
        clock,
        log: log.child({ puppet: this.participant }),
      },
      {
        registered: () => {
          settled();
          this.#registered(link);
        },
        event: (event) => this.#event(link, event),
        lost: (loss) => {
          settled();
          this.#lost(link, loss);
        },
      },
    );
    this.#link = link;
  }

  *#nicks(): Generator<string> {
    if (this.#nick !== '') yield this.#nick;
    yield* this.#candidates();
  }

  #candidates(): Generator<string> {
    return this.#parts.shape().candidates(this.#newcomer, (nick) => this.#parts.taken(nick, this));
  }

  #realname(template: string): string {
    const { anonymous, address } = this.#newcomer;
    if (anonymous) return 'anonymous';
    const [nick = ''] = this.#nicks();
    return template.replaceAll('{address}', address).replaceAll('{nick}', this.#parts.shape().bare(nick));
  }

  #registered(link: Link): void {
    const before = this.#nick;
    this.#nick = link.nick;
    if (this.#defaultNick === '') this.#defaultNick = link.nick;
    this.#parts.log.info({ puppet: this.participant, nick: link.nick }, 'a puppet is connected');
    if (before !== '' && before !== link.nick) this.#tellNick(undefined);
    for (const room of this.memberships.rooms()) this.#join(room);
    // Joining goes before talking on the same connection.
    this.speaker.use(link, this.#parts.settings().pace ?? undefined);
  }

  #join(room: BridgedRoom): void {
    const { channel, key } = room.settings;
    this.link?.send('JOIN', channel, ...(key === null ? [] : [key]));
  }

  #part(room: BridgedRoom, reason: string): void {
    this.speaker.whenIdle(() => {
      // It may have come back meanwhile.
      if (!this.memberships.has(room)) this.link?.send('PART', room.settings.channel, reason);
    });
  }

  #event(link: Link, event: IrcEvent): void {
    switch (event.type) {
      case 'join':
        if (link.isOwn(event.who.nick)) this.#joined(link, event.channel);
        return;
      case 'nick':
        // The link has taken it over already.
        if (link.isOwn(event.nick)) this.#nickIs(event.nick);
        return;
      case 'kick':
        if (link.isOwn(event.target))
          this.#out(event.channel, `kicked by ${event.who.nick}: ${event.reason}`);
        return;
      case 'part':
        if (link.isOwn(event.who.nick)) this.#out(event.channel, `taken out of the channel: ${event.reason}`);
        return;
      case 'message':
        this.#parts.message(this, event);
        return;
      case 'invite':
        if (link.isOwn(event.target)) this.#tell(`${event.who.nick} invites you to ${event.channel} on IRC`);
        return;
      case 'refused':
        if (this.#changes.refused(event)) return;
        if (this.memberships.refused(this.#parts.room(event.subject), event)) return;
        break;
      default:
        break;
    }
    this.speaker.event(event);
  }

  #joined(link: Link, channel: string): void {
    const room = this.#parts.room(channel);
    if (room && this.memberships.joined(room)) return;
    link.send('PART', channel, 'not wanted');
  }

  #out(channel: string, text: string): void {
    const room = this.#parts.room(channel);
    if (room) this.memberships.expelled(room, text);
  }

  #nickIs(nick: string): void {
    const before = this.#nick;
    this.#nick = nick;
    if (this.#changes.changed(nick) || before === nick) return;
    this.#tellNick(undefined);
    this.#tell(`you are ${this.nickname} on IRC now`);
  }

  /** A nick is one for all rooms of the network. */
  #tellNick(except: BridgedRoom | undefined): void {
    for (const room of this.memberships.rooms()) {
      if (room !== except) room.push({ type: 'changed', id: this.participant, nick: this.nickname });
    }
  }

  #tell(text: string): void {
    const [room] = this.memberships.rooms();
    room?.push({ type: 'told', to: this.participant, text });
  }

  #lost(link: Link, loss: Loss): void {
    if (this.#link !== link) return;
    this.#link = undefined;
    this.#changes.end();
    this.speaker.lost();
    if (this.#leaving) return this.#closed();
    this.#parts.log.info(
      { puppet: this.participant, loss: loss.kind, reason: loss.text },
      'a puppet lost its link',
    );
    if (loss.kind === 'throttled') this.#parts.governor.pause(20_000);
    if (loss.kind === 'limit') return this.#parts.limited(this, loss);
    if (loss.kind === 'banned' || loss.kind === 'killed') {
      return this.memberships.end(refused('banned', loss.text), `removed from IRC: ${loss.text}`);
    }
    // Nobody waits for long: who calls again finds another link.
    this.memberships.refuseJoining(refused('unavailable', `IRC does not let us in: ${loss.text}`));
    if (this.#leaving) return;
    if (link.registered) this.#tellLater(loss);
    const wait = loss.kind === 'own' ? 0 : (this.#backoff.next(loss.kind) ?? 0);
    this.#timer = this.#parts.clock.after(wait, () => {
      this.#timer = undefined;
      // Without the reader nothing can be done; it has us resume when it is back.
      if (this.#parts.readerUp()) this.#open('again');
    });
  }

  #tellLater(loss: Loss): void {
    this.#parts.clock.after(TELL_TIME, () => {
      if (!this.#link && !this.#leaving && this.#parts.readerUp()) {
        this.#tell(`your connection to IRC is lost (${loss.text}); trying again`);
      }
    });
  }

  #closed(): void {
    this.speaker.close();
    this.#parts.closed(this);
  }
}

/** The same for one address at all times, so that a ban can name it; it says nothing of who asked for privacy. */
function identOf({ anonymous, address }: Newcomer): string {
  if (anonymous) return 'anonymous';
  return `u${createHash('sha256').update(address).digest('hex').slice(0, 8)}`;
}
