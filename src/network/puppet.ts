/**
 * One participant on one network: an own IRC connection, shared by all rooms and devices of that person.
 *
 * It is in a channel, or about to be, for as long as the room holds the participant; a session that was lost leaves it there for
 * the grace. A link that breaks is replaced without the rooms knowing.
 */
import type { IrcEvent } from '../irc/events.ts';
import type { Link } from '../irc/link.ts';
import type { Loss } from '../irc/losses.ts';
import type { Source } from '../irc/source.ts';
import type { Newcomer, ParticipantId, RequestId } from '../room/inputs.ts';
import { refused } from '../room/refusals.ts';
import type { BridgedRoom } from './bridged-room.ts';
import type { Voice } from './channel.ts';
import { Memberships } from './memberships.ts';
import type { NickShape } from './nicks.ts';
import { PuppetLink, type PuppetLinkHandler, type PuppetLinkParts } from './puppet-link.ts';
import { identOf, realnameOf, webircOf } from './puppet-login.ts';
import { PuppetNick } from './puppet-nick.ts';
import { Speaker } from './speaker.ts';

/** Milliseconds that a link which ends may still take for what was said before. */
const LAST_WORDS_TIME = 3_000;
/** Milliseconds after which a participant is told that the connection is lost: often all of IRC is, and the room tells that. */
const TELL_TIME = 1_500;

/** What puppets need of their network. */
export interface PuppetParts extends PuppetLinkParts {
  readonly shape: () => NickShape;
  /** Whether somebody in sight, or another puppet, has a nick, or it is kept from this one. */
  readonly taken: (nick: string, puppet: Puppet) => boolean;
  readonly room: (channel: string) => BridgedRoom | undefined;
  /** Whether what somebody says is left out. */
  readonly ignored: (who: Source) => boolean;
  /** It has given up a nick. */
  readonly gaveUp: (puppet: Puppet, nick: string) => void;
  /** A message to the puppet, or to a group of a channel that it is in. */
  readonly message: (puppet: Puppet, event: Extract<IrcEvent, { type: 'message' }>) => void;
  /** The server takes no more connections: whoever this is will be relayed. */
  readonly limited: (puppet: Puppet, loss: Loss) => void;
  /** It takes part in nothing any more; its link may still be closing. */
  readonly left: (puppet: Puppet) => void;
  /** Its link is closed and there will be no other. */
  readonly closed: (puppet: Puppet) => void;
}

export class Puppet implements Voice {
  readonly participant: ParticipantId;
  readonly speaker: Speaker;
  readonly memberships: Memberships;
  readonly #newcomer: Newcomer;
  readonly #parts: PuppetParts;
  readonly #nick: PuppetNick;
  readonly #links: PuppetLink;
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
      empty: (reason) => this.leave(reason),
      part: (room, reason) => this.#part(room, reason),
    });
    this.#nick = new PuppetNick({
      clock: parts.clock,
      newcomer,
      shape: parts.shape,
      taken: (nick) => parts.taken(nick, this),
      link: () => this.link,
      rooms: () => this.memberships.rooms(),
      gaveUp: (nick) => parts.gaveUp(this, nick),
      tell: (text) => this.#tell(text),
    });
    this.#links = new PuppetLink(
      { ...parts, log: parts.log.child({ puppet: newcomer.id }) },
      {
        login: () => this.#login(),
        registered: (link) => this.#registered(link),
        event: (link, event) => this.#event(link, event),
        lost: (loss, wasUp) => this.#lost(loss, wasUp),
      },
    );
  }

  /** The link while it is registered. */
  get link(): Link | undefined {
    return this.#links.up;
  }

  get nick(): string {
    return this.#nick.nick;
  }

  /** What SIP participants see of the nick. */
  get nickname(): string {
    return this.#nick.nickname;
  }

  /** Whether somebody whom the reader sees is this puppet. */
  is(nick: string, mask: { user: string; host: string } | undefined): boolean {
    const link = this.link;
    if (!link || !this.#nick.is(nick)) return false;
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

  notHeard(channel: string): void {
    this.speaker.notHeard(channel);
  }

  admit(room: BridgedRoom, request: RequestId): void {
    if (this.memberships.admit(room, request) && this.link) this.#join(room);
    this.#links.open();
  }

  rename(room: BridgedRoom, request: RequestId, nickname: string | undefined): void {
    this.#nick.rename(room, request, nickname);
  }

  /** The reader sees that somebody has left a nick. */
  freed(source: Source): void {
    this.#nick.freed(source);
  }

  /** Opens a new link where there is none: the reader is back. */
  resume(): void {
    if (!this.#leaving) this.#links.resume();
  }

  /** Closes the link to open another one, as the settings have changed. */
  restart(reason: string): void {
    this.#links.quit(reason);
  }

  /** Ends it: what was said before still goes out. */
  leave(reason: string): void {
    if (this.#leaving) return;
    this.#leaving = true;
    this.#links.last();
    this.#nick.end();
    this.#parts.left(this);
    const end = (): void => {
      timer.cancel();
      if (!this.#links.quit(reason)) this.#closed();
    };
    const timer = this.#parts.clock.after(LAST_WORDS_TIME, end);
    this.speaker.whenIdle(end);
  }

  #login(): ReturnType<PuppetLinkHandler['login']> {
    const [nick = ''] = this.#nick.toLogIn();
    const nickname = this.#parts.shape().bare(nick);
    const { puppetRealname, webirc } = this.#parts.settings();
    return {
      nicks: this.#nick.toLogIn(),
      username: identOf(this.#newcomer),
      realname: realnameOf(this.#newcomer, puppetRealname, nickname),
      webirc: webirc ? webircOf(webirc, this.#newcomer) : undefined,
    };
  }

  #registered(link: Link): void {
    const { log, settings } = this.#parts;
    this.#nick.loggedIn(link.nick);
    log.info({ puppet: this.participant, nick: link.nick }, 'a puppet is connected');
    for (const room of this.memberships.rooms()) this.#join(room);
    // Joining goes before talking on the same connection.
    this.speaker.use(link, settings().pace ?? undefined);
  }

  #join(room: BridgedRoom): void {
    const { channel, key } = room.settings;
    this.link?.send('JOIN', channel, ...(key === null ? [] : [key]));
  }

  #part(room: BridgedRoom, reason: string): void {
    this.speaker.whenIdle(() => {
      // It may have come back meanwhile.
      if (this.memberships.has(room) || !this.link) return;
      this.memberships.parting(room);
      this.link.send('PART', room.settings.channel, reason);
    });
  }

  #event(link: Link, event: IrcEvent): void {
    switch (event.type) {
      case 'join':
        if (link.isOwn(event.who.nick)) this.#joined(link, event.channel);
        return;
      case 'nick':
        // The link has taken it over already.
        if (link.isOwn(event.nick)) this.#nick.changed(event.nick);
        return;
      case 'kick':
        if (link.isOwn(event.target)) this.#kicked(event);
        return;
      case 'part':
        if (link.isOwn(event.who.nick)) this.#parted(event);
        return;
      case 'message':
        this.#parts.message(this, event);
        return;
      case 'invite':
        if (link.isOwn(event.target) && !this.#parts.ignored(event.who))
          this.#tell(`${event.who.nick} invites you to ${event.channel} on IRC`);
        return;
      case 'refused':
        if (this.memberships.refused(this.#parts.room(event.subject), event)) return;
        if (this.#nick.refused(event)) return;
        break;
      default:
        break;
    }
    this.speaker.event(event);
  }

  #joined(link: Link, channel: string): void {
    const room = this.#parts.room(channel);
    if (room && this.memberships.joined(room)) return;
    if (room) this.memberships.parting(room);
    link.send('PART', channel, 'not wanted');
  }

  #kicked({ channel, who, reason }: Extract<IrcEvent, { type: 'kick' }>): void {
    const room = this.#parts.room(channel);
    if (room) this.memberships.expelled(room, `kicked by ${who.nick}: ${reason}`);
  }

  #parted({ channel, reason }: Extract<IrcEvent, { type: 'part' }>): void {
    const room = this.#parts.room(channel);
    if (room) this.memberships.parted(room, `taken out of the channel: ${reason}`);
  }

  #tell(text: string): void {
    const [room] = this.memberships.rooms();
    room?.push({ type: 'told', to: this.participant, text });
  }

  /** Whether there is to be another link. */
  #lost(loss: Loss, wasUp: boolean): boolean {
    this.#nick.end();
    this.memberships.linkLost();
    this.speaker.lost();
    if (this.#leaving) {
      this.#closed();
      return false;
    }
    const { log, limited } = this.#parts;
    log.info({ puppet: this.participant, loss: loss.kind, reason: loss.text }, 'a puppet lost its link');
    if (loss.kind === 'limit') limited(this, loss);
    else if (loss.kind === 'banned' || loss.kind === 'killed') {
      this.memberships.end(refused('banned', loss.text), `removed from IRC: ${loss.text}`);
    } else {
      // Nobody waits for long: who calls again finds another link. One that we end ourselves has a successor at once.
      if (loss.kind !== 'own')
        this.memberships.refuseJoining(refused('unavailable', `IRC does not let us in: ${loss.text}`));
      if (wasUp && !this.#leaving) this.#tellLater(loss);
    }
    return !this.#leaving;
  }

  #tellLater(loss: Loss): void {
    this.#parts.clock.after(TELL_TIME, () => {
      if (!this.link && !this.#leaving && this.#parts.readerUp()) {
        this.#tell(`your connection to IRC is lost (${loss.text}); trying again`);
      }
    });
  }

  #closed(): void {
    this.speaker.close();
    this.#parts.closed(this);
  }
}
