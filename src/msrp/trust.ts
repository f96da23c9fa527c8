/** Whose connection a session takes: by TLS or without, and from whom (RFC 4975 sections 5.4 and 14.4, RFC 8122). */
import type { Secured } from '../transport/connection.ts';
import { type Fingerprint, fitsFingerprints } from './fingerprint.ts';

/**
 * `elsewhere`: an msrps session is not at a plain connection, nor the other way round. `untrusted`: it is not who the SDP
 * speaks of.
 */
export type Objection = 'elsewhere' | 'untrusted';

/** Never changed, so all sessions that know as much have the same. */
export class Trust {
  readonly #secure: boolean;
  readonly #described: boolean;
  readonly #fingerprints: readonly Fingerprint[];

  private constructor(secure: boolean, described: boolean, fingerprints: readonly Fingerprint[]) {
    this.#secure = secure;
    this.#described = described;
    this.#fingerprints = fingerprints;
  }

  static readonly #plain = { unknown: new Trust(false, false, []), described: new Trust(false, true, []) };
  static readonly #tls = { unknown: new Trust(true, false, []), described: new Trust(true, true, []) };

  /** Before the peer's SDP is there. */
  static of(scheme: 'msrp' | 'msrps'): Trust {
    return (scheme === 'msrps' ? Trust.#tls : Trust.#plain).unknown;
  }

  /**
   * The peer's SDP is there. Without fingerprints whoever knows our path is the peer, as it is without TLS (RFC 4975
   * section 5.4): the real client has none.
   */
  described(fingerprints: readonly Fingerprint[]): Trust {
    if (fingerprints.length > 0) return new Trust(this.#secure, true, fingerprints);
    return (this.#secure ? Trust.#tls : Trust.#plain).described;
  }

  /** By TLS nobody is the peer before the SDP says whose certificate counts (RFC 8122 section 6.2). */
  get isSettled(): boolean {
    return this.#described || !this.#secure;
  }

  /** Whether the peer's certificate is known by its fingerprint, and needs no authority. */
  get byFingerprint(): boolean {
    return this.#fingerprints.length > 0;
  }

  /**
   * What speaks against a connection. Where there are fingerprints, a peer that shows no certificate is as wrong as one
   * that shows another: RFC 8122 section 6.2 says MUST for both.
   */
  objection(secured: Secured | undefined): Objection | undefined {
    if (this.#secure !== (secured !== undefined)) return 'elsewhere';
    if (!secured || !this.byFingerprint) return undefined;
    const { peerCertificate } = secured;
    return peerCertificate && fitsFingerprints(peerCertificate, this.#fingerprints) ? undefined : 'untrusted';
  }
}
