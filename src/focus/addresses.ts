/**
 * The URIs of rooms and of people on a network. They are written and read here only.
 *
 * A room is `sip:ROOM@DOMAIN`. Somebody on a network is `sip:ID@DOMAIN`, where ID, the id that the network's side made,
 * is `NICK+NETWORK` (or `NICK;2+NETWORK`, and `@#CHANNEL+NETWORK` for the operators of a channel) and is escaped by
 * RFC 3261 section 25.1. A participant with a SIP device has the address that it came with, and that is its id too.
 */
import type { ParticipantId, Recipient } from '../room/inputs.ts';
import {
  canonicalUri,
  canonicalUser,
  escapeUser,
  formatSipUri,
  parseSipUri,
  type SipUri,
} from '../sip/index.ts';

export interface AddressesOptions {
  /** The host part of all our URIs; an IPv6 address in brackets. */
  readonly domain: string;
  /** Names of the configured networks. Asked each time. */
  readonly networks: () => Iterable<string>;
  /** Whether there is a room of that name. */
  readonly isRoomName: (name: string) => boolean;
}

/** Writes and reads the URIs of one process. */
export class Addresses {
  readonly #options: AddressesOptions;
  /** The domain as `parseSipUri` gives hosts. */
  readonly #host: string | undefined;

  constructor(options: AddressesOptions) {
    this.#options = options;
    this.#host = parseSipUri(`sip:${options.domain}`)?.host;
  }

  /** The URI of a room. */
  room(name: string): string {
    return `sip:${escapeUser(name)}@${this.#options.domain}`;
  }

  /** The URI of somebody, or of a group, on a network. */
  person(id: ParticipantId): string {
    return `sip:${escapeUser(id)}@${this.#options.domain}`;
  }

  /**
   * The URI by which a caller knows the room, without port and parameters: that of its To header where this names the
   * room at all, else that of the Request-URI. COMPAT: real clients show what is not to this very URI as private.
   */
  dialled(
    name: string,
    call: { readonly to: { readonly uri: string }; readonly requestUri: string },
  ): string {
    for (const text of [call.to.uri, call.requestUri]) {
      const uri = parseSipUri(text);
      if (uri && userOf(uri) === name) return plain(uri);
    }
    return this.room(name);
  }

  /** Whether a URI is the room's, for somebody who knows the room as `dialled`. Ports and parameters do not count. */
  isRoom(text: string, name: string, dialled: string): boolean {
    // Nearly always it is the very URI that the call went to.
    if (text === dialled) return true;
    const uri = parseSipUri(text);
    return uri !== undefined && userOf(uri) === name && this.#isOurHost(uri.host, dialled);
  }

  /** Whom a To or cc of somebody who knows the room as `dialled` means. */
  recipient(text: string, dialled: string): Recipient {
    const uri = parseSipUri(text);
    const user = uri && this.#isOurHost(uri.host, dialled) ? userOf(uri) : undefined;
    const network = user === undefined ? undefined : this.#networkOf(user);
    if (user === undefined || network === undefined) {
      return { id: canonicalUri(text) ?? text, nick: undefined };
    }
    const nick = user.slice(0, -(network.length + 1)).replace(/;\d+$/, '');
    return { id: user, nick };
  }

  /** Whether an address looks like a room of ours or like somebody on a network, to somebody who dialled `dialled`. */
  isReserved(text: string, dialled: string): boolean {
    const uri = parseSipUri(text);
    if (!uri || !this.#isOurHost(uri.host, dialled)) return false;
    const user = userOf(uri);
    return this.#options.isRoomName(user) || this.#networkOf(user) !== undefined;
  }

  #isOurHost(host: string, dialled: string): boolean {
    return host === this.#host || host === parseSipUri(dialled)?.host;
  }

  /** The network that a user part names behind its last `+`. */
  #networkOf(user: string): string | undefined {
    const plus = user.lastIndexOf('+');
    if (plus < 0) return undefined;
    const name = user.slice(plus + 1);
    for (const network of this.#options.networks()) if (network === name) return network;
    return undefined;
  }
}

/** Whether two URIs differ at most in port and parameters. What is no SIP URI is the same as nothing. */
export function sameBareUri(one: string, other: string): boolean {
  const a = parseSipUri(one);
  const b = parseSipUri(other);
  return a !== undefined && b !== undefined && plain(a) === plain(b);
}

function userOf(uri: SipUri): string {
  return canonicalUser(uri.user ?? '');
}

function plain(uri: SipUri): string {
  return formatSipUri({
    scheme: uri.scheme,
    user: uri.user === undefined ? undefined : escapeUser(canonicalUser(uri.user)),
    password: undefined,
    host: uri.host,
    port: undefined,
    parameters: new Map(),
    headers: undefined,
  });
}
