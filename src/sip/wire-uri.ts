/** URIs as sip.js keeps them for us: the peer's own spelling, and the private mark of the flow that leads there. */
import { URI } from 'sip.js/lib/core/index.js';
import { type Mark, writeMark } from './mark.ts';
import type { NameAddr } from './name-addr.ts';
import { formatSipUri, parseSipUri } from './uri.ts';

const UNMARKED: Mark = { flow: undefined, sips: false };

/** sip.js's own URI rewrites escapes, throws on some, and trips over a parameter named __proto__. */
export class WireUri extends URI {
  readonly text: string;
  /** The token of the flow that requests to this URI take. */
  flow: string | undefined;
  readonly #sips: boolean;

  constructor(text: string, { flow, sips }: Mark = UNMARKED) {
    // What sip.js asks of a URI is its text only; these two it checks.
    super('sip', '', 'host.invalid');
    this.text = text;
    this.flow = flow;
    this.#sips = sips;
  }

  override toString(): string {
    return this.text + writeMark({ flow: this.flow, sips: this.#sips });
  }

  override toRaw(): string {
    return this.toString();
  }

  override clone(): WireUri {
    return new WireUri(this.text, { flow: this.flow, sips: this.#sips });
  }
}

/** The target of requests: without headers and method, which have no place in a Request-URI (RFC 3261 section 19.1.1). */
export function targetUri(text: string, mark?: Mark): WireUri {
  const uri = parseSipUri(text);
  if (!uri) return new WireUri(text, mark);
  const parameters = new Map(uri.parameters);
  parameters.delete('method');
  return new WireUri(formatSipUri({ ...uri, parameters, headers: undefined }), mark);
}

/** A route with the mark of the flow on its URI. */
export function markedRoute(route: string, flow: string): string {
  const close = route.lastIndexOf('>');
  return close < 0 ? route : route.slice(0, close) + writeMark({ flow, sips: false }) + route.slice(close);
}

/** The URI of a From or To, in the peer's own spelling. */
export function partyUri(address: NameAddr): WireUri {
  return new WireUri(address.uri);
}
