/** Where the client goes and as whom: made of what was typed, before anything is sent. */
import { isIP } from 'node:net';
import {
  canonicalUser,
  canonicalUri,
  escapeUser,
  parseSipUri,
  type SipTransport,
} from '../../../src/sip/index.ts';
import { reach, whyNot } from './reach.ts';

const SIP_PORT = 5060;

export interface Target {
  /** The address to call. */
  readonly uri: string;
  /** The room as others see it: without port and parameters. */
  readonly room: string;
  readonly roomName: string;
  /** Where it is, for people. */
  readonly place: string;
  readonly transport: SipTransport;
  /** Our IP address on the way there. */
  readonly local: string;
  /** Our SIP address. */
  readonly self: string;
  /** Its user part. */
  readonly user: string;
}

export interface Wanted {
  /** As typed; `sip:` may be missing. */
  readonly room: string;
  readonly name: string;
  readonly from: string | undefined;
  readonly transport: SipTransport;
}

/** Rejects with an Error whose message is for people. */
export async function findTarget(wanted: Wanted): Promise<Target> {
  const { transport } = wanted;
  const typed = /^sips?:/i.test(wanted.room) ? wanted.room : `sip:${wanted.room}`;
  const uri = parseSipUri(typed);
  if (uri?.user === undefined) {
    throw new Error(`${wanted.room} is no room's address; it is written like sip:lobby@127.0.0.1:5060`);
  }
  if (uri.scheme === 'sips') throw new Error('sips: is not supported, only sip:');
  const port = uri.port ?? SIP_PORT;
  const host = written(uri.host);
  const place = `${host}:${port} (${transport.toUpperCase()})`;
  const way = await reach(uri.host, port, transport).catch((error: unknown) => {
    throw new Error(`cannot reach ${place}: ${whyNot(error)}`, { cause: error });
  });
  const user = `${escapeUser(canonicalUser(uri.user))}@${host}`;
  // A name such as localhost may have several addresses, of which one answers.
  const maddr = isIP(uri.host) ? '' : `;maddr=${written(way.remote)}`;
  return {
    uri: `sip:${user}:${port}${transport === 'tcp' ? ';transport=tcp' : ''}${maddr}`,
    room: `sip:${user}`,
    roomName: canonicalUser(uri.user),
    place,
    transport,
    local: way.local,
    ...selfOf(wanted, way.local),
  };
}

function selfOf({ from, name }: Wanted, local: string): { self: string; user: string } {
  const self = canonicalUri(from ?? `sip:${userOf(name)}@${written(local)}`);
  const user = self === undefined ? undefined : parseSipUri(self)?.user;
  if (self === undefined || user === undefined) {
    throw new Error(`${from} is no SIP address; it is written like sip:alice@example.org`);
  }
  return { self, user: canonicalUser(user) };
}

/** A name as the user part of an address. */
export function userOf(name: string): string {
  const user = name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return user === '' ? 'guest' : user;
}

function written(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
