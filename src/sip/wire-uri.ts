/** URIs as sip.js keeps them for us: the peer's own spelling, and the private mark of the flow that leads there. */
import { URI } from 'sip.js/lib/core/index.js';
import type { NameAddr } from './name-addr.ts';
import { formatSipUri, parseSipUri } from './uri.ts';

/** Never on the wire: taken off everything that leaves or comes in. */
export const FLOW_PARAMETER = 'x-flow';

/** sip.js's own URI rewrites escapes, throws on some, and trips over a parameter named __proto__. */
export class WireUri extends URI {
  readonly text: string;
  /** The token of the flow that requests to this URI take. */
  flow: string | undefined;

  constructor(text: string, flow?: string) {
    // What sip.js asks of a URI is its text only; these two it checks.
    super('sip', '', 'host.invalid');
    this.text = text;
    this.flow = flow;
  }

  override toString(): string {
    return this.flow === undefined ? this.text : `${this.text};${FLOW_PARAMETER}=${this.flow}`;
  }

  override toRaw(): string {
    return this.toString();
  }

  override clone(): WireUri {
    return new WireUri(this.text, this.flow);
  }
}

/** The target of requests: without headers and method, which have no place in a Request-URI (RFC 3261 section 19.1.1). */
export function targetUri(text: string, flow?: string): WireUri {
  const uri = parseSipUri(text);
  if (!uri) return new WireUri(text, flow);
  const parameters = new Map(uri.parameters);
  parameters.delete('method');
  return new WireUri(formatSipUri({ ...uri, parameters, headers: undefined }), flow);
}

/** A route with the mark of the flow on its URI. */
export function markedRoute(route: string, flow: string): string {
  const close = route.lastIndexOf('>');
  return close < 0 ? route : `${route.slice(0, close)};${FLOW_PARAMETER}=${flow}${route.slice(close)}`;
}

/** The URI of a From or To, in the peer's own spelling. */
export function partyUri(address: NameAddr): WireUri {
  return new WireUri(address.uri);
}
