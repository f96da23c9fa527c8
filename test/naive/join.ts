/** How somebody comes into a chat room: the INVITE, the MSRP connection and the first SEND; or is refused. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { goesThrough, type RelayAccess } from './msrp-relay.ts';
import { MsrpEnd } from './msrp.ts';
import { Participant, type Caller } from './participant.ts';
import { readSdp, writeSdp } from './sdp.ts';
import { Call } from './sip-call.ts';
import type { SipServer } from './sip-flow.ts';
import type { SipMessage } from './sip-message.ts';
import { Phone, type Headers } from './sip.ts';

export interface JoinOptions {
  readonly sip: SipServer;
  readonly room: string;
  /** The host part of the room's URI. */
  readonly domain: string;
  /** True: the room is called by its sips URI. */
  readonly sips?: boolean;
  /** The user part of the own address. */
  readonly user: string;
  /** Its host part; users.test without it. */
  readonly userDomain?: string;
  readonly displayName?: string;
  /** The value of a=chatroom in the offer; null: no such line. Both abilities without it. */
  readonly chatroom?: string | null;
  readonly acceptTypes?: string;
  readonly wrapped?: string | null;
  /** The a=setup of the offer; null: no such line. Active without it. */
  readonly setup?: 'active' | 'passive' | 'actpass' | null;
  /** True: MSRP over TLS, with a certificate of its own whose fingerprint stands in the offer. */
  readonly tls?: boolean;
  /** True: MSRP over a WebSocket (RFC 7977). */
  readonly web?: boolean;
  /** The value of a=fingerprint in place of the right one; null: no such line. */
  readonly fingerprint?: string | null;
  /** Somebody whose MSRP connection it shares. */
  readonly over?: MsrpEnd;
  /** A relay through which its MSRP goes. */
  readonly relay?: Omit<RelayAccess, 'user'>;
  /** True: an INVITE without SDP, so that the room makes the offer. */
  readonly offerless?: boolean;
  /** The local address of all sockets; 127.0.0.1 without it. */
  readonly source?: string;
  readonly password?: string;
  /** The value of a Privacy header. */
  readonly privacy?: string;
  /** The From header of the INVITE in place of the own address. */
  readonly from?: string;
  readonly headers?: Headers;
}

/** Sends the INVITE and leaves what comes of it to the test. */
export async function calls(t: TestContext, options: JoinOptions): Promise<Caller> {
  const { user, userDomain = 'users.test', source, setup = 'active', offerless = false } = options;
  const { displayName, password, tls, web } = options;
  const address = `sip:${user}@${userDomain}`;
  const phone = await Phone.open(t, {
    name: user,
    server: options.sip,
    address,
    displayName,
    source,
    password,
  });
  const listen = !options.relay && (setup === 'passive' || setup === 'actpass');
  const msrp = await MsrpEnd.open(t, user, { listen, source, tls, web, over: options.over });
  if (options.relay) await goesThrough(msrp, { ...options.relay, user });
  const offer = {
    host: source ?? '127.0.0.1',
    port: msrp.port,
    path: msrp.path,
    tls: tls ?? false,
    acceptTypes: options.acceptTypes ?? 'message/cpim',
    wrapped:
      options.wrapped === undefined
        ? 'text/plain text/html image/png application/im-iscomposing+xml'
        : options.wrapped,
    chatroom: options.chatroom === undefined ? 'nickname private-messages' : options.chatroom,
    setup,
    fingerprint: options.fingerprint === undefined ? msrp.fingerprint : options.fingerprint,
  };
  phone.sdp = writeSdp(offer);
  const roomUri = `${options.sips ? 'sips' : 'sip'}:${options.room}@${options.domain}`;
  const headers: [string, string][] = [...(options.headers ?? [])].map(([name, value]) => [name, value]);
  if (options.privacy !== undefined) headers.push(['Privacy', options.privacy]);
  const call = await Call.start(phone, roomUri, {
    sdp: offerless ? '' : phone.sdp,
    headers,
    from: options.from,
    answers: () => phone.sdp,
  });
  return { phone, msrp, call, roomUri };
}

/** An INVITE that must be refused; the refusal. */
export async function isRefused(t: TestContext, options: JoinOptions, status: number): Promise<SipMessage> {
  const { call, phone } = await calls(t, options);
  const answer = await call.answer();
  assert.equal(answer.status, status, `the answer to the INVITE of ${phone.name}`);
  return answer;
}

/** Joins a room: the INVITE is answered 200, the MSRP session is up and both sides have greeted. */
export async function join(t: TestContext, options: JoinOptions): Promise<Participant> {
  const caller = await calls(t, options);
  return enters(t, caller, options);
}

/** The rest of joining, once the INVITE is out. */
export async function enters(t: TestContext, caller: Caller, options: JoinOptions): Promise<Participant> {
  const { phone, msrp, call, roomUri } = caller;
  const answer = await call.answer();
  assert.equal(answer.status, 200, `the answer to the INVITE of ${phone.name}`);
  const media = readSdp(answer.body);
  msrp.peer = media.path.join(' ');
  // Whose certificate a WebSocket has is its own affair (RFC 7977 section 9).
  msrp.peerFingerprint = options.web ? undefined : media.fingerprint;
  const participant = new Participant(t, { phone, msrp, call, roomUri }, answer, media);
  const { setup = 'active' } = options;
  // Without a=setup whoever made the offer connects (RFC 4975 section 5.4, RFC 6135 section 4.2).
  const dials = setup === 'active' || setup === null || (setup === 'actpass' && media.setup !== 'active');
  if (dials) {
    await msrp.dial(options.over);
    const greeting = await msrp.greet();
    assert.equal(greeting.status, 200, 'the response to the first SEND, which has no body');
  } else {
    await msrp.isDialled();
  }
  return participant;
}
