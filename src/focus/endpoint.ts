/** One device of a participant: a SIP dialog and its MSRP session, from the 200 to the BYE. */
import type { MediaTypes } from '../formats/media-type.ts';
import type { Follower, OutgoingMessage, Settled } from '../msrp/index.ts';
import type { EndpointId, EndpointInfo } from '../room/inputs.ts';
import type { CallEnd, CallHandler, Invitation, Reinvitation, SipCall } from '../sip/index.ts';
import type { Identity } from './admission.ts';
import { lossOf, reasonHeader, reasonText } from './answers.ts';
import type { Worth } from './congestion.ts';
import type { EndpointParts } from './endpoint-parts.ts';
import { Media, type MediaEvents } from './media.ts';
import {
  OwnDescription,
  type OwnMedia,
  type Part,
  partOfAnswerer,
  partOfOfferer,
  type PeerMedia,
  readDescription,
} from './offer-answer.ts';
import { PrivateAbility } from './private-ability.ts';

/** Milliseconds for which a last message may keep a BYE waiting. */
const FAREWELL = 1000;

/** A device. Its room hears of it by the events of its parts. */
export class Endpoint implements CallHandler {
  readonly id: EndpointId;
  readonly identity: Identity;
  readonly dialled: string;
  /** It has subscribed to the roster, so that it need not be told of it. */
  subscribed = false;
  readonly #parts: EndpointParts<Endpoint>;
  #host: string;
  readonly #description: OwnDescription;
  #peer: PeerMedia | undefined;
  readonly #ability: PrivateAbility;
  #media: Media | undefined;
  #call: SipCall | undefined;
  /** An offer of ours waits for its answer: the one of a new session, or that of a re-INVITE. */
  #offered: 'first' | 'again' | undefined;
  #gone = false;

  constructor(parts: EndpointParts<Endpoint>) {
    this.#parts = parts;
    this.id = parts.id;
    this.identity = parts.identity;
    this.#host = parts.host;
    this.dialled = parts.dialled;
    this.#description = new OwnDescription(parts.place.host);
    this.#peer = parts.peer;
    this.#ability = new PrivateAbility(parts.peer);
  }

  /** What the room is told of it. The roster must not show where somebody's device is (RFC 4575 section 8). */
  get info(): EndpointInfo {
    return { id: this.id, address: `${this.identity.id};gr=${this.id}`, takesPrivate: this.takesPrivate };
  }

  /** The network address that it comes from. */
  get host(): string {
    return this.#host;
  }

  get takesPrivate(): boolean {
    return this.#ability.takes;
  }

  /** What it takes in a wrapper; nothing before its SDP is known. */
  get types(): MediaTypes | undefined {
    return this.#peer?.types;
  }

  /** Whether it knows what a chat room is (RFC 7701 section 8). */
  get isAware(): boolean {
    return this.#peer?.media.chatroom !== undefined;
  }

  /** It has gone, or is on its way out. */
  get gone(): boolean {
    return this.#gone;
  }

  /** It has shown that it knows private messages; false where that is nothing new. */
  provePrivate(): boolean {
    return this.#ability.prove();
  }

  /** Answers its INVITE with 200, and these headers. */
  accept(invitation: Invitation, extraHeaders: readonly string[] = []): void {
    const { tools } = this.#parts;
    const peer = this.#peer;
    const facts = { address: this.identity.address, endpoint: this.id };
    const media = new Media(this.#parts.place, { ...tools, facts, events: this.#mediaEvents() });
    this.#media = media;
    let sdp: string;
    if (peer) {
      media.setPeer(peer);
      sdp = this.#description.answer(peer, this.#own(media));
    } else {
      this.#offered = 'first';
      sdp = this.#description.offer(this.#own(media));
    }
    this.#call = invitation.accept({ sdp, handler: this, extraHeaders });
    if (peer) media.take(partOfAnswerer(peer.media.setup));
  }

  /** Gets what goes to its audience from now on as this follower of it. */
  follow(follower: Follower | undefined): void {
    this.#media?.follow(follower);
  }

  /** Sends a message, or keeps it until the session is there. False where it is left out, as the device does not keep up. */
  send(message: OutgoingMessage, worth: Worth, settled?: Settled): boolean {
    return !this.#gone && this.#media?.send(message, worth, settled) === true;
  }

  /**
   * Hangs up, behind a last message where there is one. `settled` is told when the BYE is answered or given up. The room
   * hears no more of it.
   */
  sendAway(last: OutgoingMessage | undefined, reason: string, settled: () => void): void {
    if (this.#gone) return settled();
    this.#gone = true;
    this.#parts.claim.release();
    this.#media?.giveUpGrowing();
    if (!last || !this.#media?.isOpen) return this.#hangUp(reason, settled);
    let waiting = true;
    const hangUp = (): void => {
      if (!waiting) return;
      waiting = false;
      timer.cancel();
      this.#hangUp(reason, settled);
    };
    const timer = this.#parts.tools.clock.after(FAREWELL, hangUp);
    // With Failure-Report yes its 200 says that the message is there, before the BYE is.
    this.#media.sendLast({ ...last, failureReport: 'yes' }, hangUp);
  }

  /** Lets it go before it was answered. */
  discard(): void {
    this.#gone = true;
    this.#parts.claim.release();
  }

  // What its call tells.

  acked(answer: string | undefined): void {
    const offered = this.#offered;
    this.#offered = undefined;
    const media = this.#media;
    if (this.#gone || !media || offered === undefined) return;
    const reading = answer === undefined ? undefined : readDescription(answer, [media.place]);
    if (!reading?.ok) {
      // RFC 3261 section 13.2.2.4: an offer without an answer ends the call; a session that is there goes on.
      if (offered === 'first')
        this.#lose(reasonHeader(488, 'no answer to the offer'), 'no answer to the offer');
      return;
    }
    const { peer } = reading;
    const isNew = !media.leadsHere(peer);
    this.#describe(peer);
    media.setPeer(peer);
    if (isNew) this.#connect(media, partOfOfferer(peer.media.setup));
    this.#parts.events.described(this);
  }

  reinvited(request: Reinvitation): void {
    const media = this.#media;
    if (this.#gone || !media) return request.reject(481, 'Call Does Not Exist');
    // A request inside the call is the caller's, from wherever it comes.
    this.#host = request.source.host;
    this.#parts.claim.move(this.#host);
    if (request.offer === undefined) {
      this.#offered = 'again';
      return request.accept(this.#description.again());
    }
    const reading = readDescription(request.offer, this.#parts.tools.msrpPlaces);
    if (!reading.ok) return request.reject(reading.status, reading.reason);
    const { peer } = reading;
    const isNew = !media.leadsHere(peer);
    if (isNew) media.renew(peer.place);
    this.#describe(peer);
    media.setPeer(peer);
    request.accept(this.#description.answer(peer, this.#own(media)));
    if (isNew) this.#connect(media, partOfAnswerer(peer.media.setup));
    this.#parts.events.described(this);
  }

  ended(end: CallEnd): void {
    if (this.#gone) return;
    if (end.by === 'peer') this.#leave('left', reasonText(end.reason) ?? 'left');
    else this.#leave('lost', end.by === 'no-ack' ? 'the call was never confirmed' : 'the call was lost');
  }

  #mediaEvents(): MediaEvents {
    const { events } = this.#parts;
    return {
      opened: () => {
        if (!this.#gone) events.opened(this);
      },
      message: (message) => {
        if (this.#gone) message.respond(403, 'you have left this room');
        else events.message(this, message);
      },
      begins: (opening) =>
        this.#gone ? { status: 403, comment: 'you have left this room' } : events.begins(this, opening),
      nickname: (request) => {
        if (this.#gone) request.respond(403, 'you have left this room');
        else events.nickname(this, request);
      },
      admits: () => this.#gone || events.admits(this),
      skipped: (count) => {
        if (!this.#gone) events.skipped(this, count);
      },
      unwrapped: () => {
        if (!this.#gone) events.unwrapped(this);
      },
      lost: (reason) => {
        const { header, text } = lossOf(reason);
        if (!this.#gone) this.#lose(header, text);
      },
    };
  }

  #own(media: Media): OwnMedia {
    const { maxMessageBytes, settings } = this.#parts.tools;
    const { place, path, fingerprints } = media;
    return { place, path, fingerprints, settings: settings(), maxMessageBytes };
  }

  #describe(peer: PeerMedia): void {
    this.#peer = peer;
    if (this.#ability.described(peer)) this.#parts.events.takesPrivate(this, this.takesPrivate);
  }

  /** A session that is open stays on its connection. */
  #connect(media: Media, part: Part): void {
    if (!media.isOpen) media.take(part);
  }

  #lose(header: string, text: string): void {
    const call = this.#call;
    this.#leave('lost', text);
    call?.bye(header);
  }

  #leave(cause: 'left' | 'lost', reason: string): void {
    this.#gone = true;
    this.#media?.close();
    this.#parts.claim.release();
    this.#parts.events.left(this, cause, reason);
  }

  #hangUp(reason: string, settled: () => void): void {
    if (this.#call) this.#call.bye(reason, settled);
    else settled();
    this.#media?.close();
  }
}
