/** Sends what sip.js wrote: finds the way, writes our address for that way, keeps UDP reliable. */
import { TransportError } from 'sip.js/lib/core/index.js';
import type { Log } from '../common/log.ts';
import type { ClientReliability } from './client-reliability.ts';
import type { Flow } from './flow.ts';
import type { Flows, Target } from './flows.ts';
import { type OutgoingRequest, readRequest, readResponse, requestBytes, responseBytes } from './outgoing.ts';
import type { ServerReliability } from './server-reliability.ts';
import { parseSipUri } from './uri.ts';

/** Bytes; a larger request takes TCP where it can (RFC 3261 section 18.1.1). */
const LARGEST_DATAGRAM = 1300;

export interface SenderParts {
  readonly flows: Flows;
  readonly clients: ClientReliability;
  readonly servers: ServerReliability;
  readonly log: Log;
}

export class Sender {
  readonly #flows: Flows;
  readonly #clients: ClientReliability;
  readonly #servers: ServerReliability;
  readonly #log: Log;

  constructor(parts: SenderParts) {
    this.#flows = parts.flows;
    this.#clients = parts.clients;
    this.#servers = parts.servers;
    this.#log = parts.log;
  }

  /** `key` is put behind the branch of a request, and comes back in its answers. Rejects with TransportError. */
  async send(text: string, key: string): Promise<void> {
    try {
      if (text.startsWith('SIP/2.0 ')) await this.#sendResponse(text);
      else await this.#sendRequest(text, key);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#log.debug({ reason: message }, 'SIP message not sent');
      throw new TransportError(message);
    }
  }

  async #sendResponse(text: string): Promise<void> {
    const response = readResponse(text);
    if (!response) throw new Error('a response without Via');
    const flow =
      (response.flow === undefined ? undefined : this.#flows.find(response.flow)) ??
      (await this.#flows.reach({ ...response.via, transport: transportOf(response.via.transport) }));
    const bytes = responseBytes(response, flow);
    if (flow.transport === 'udp') {
      this.#servers.responseSent(response.key, response.method, response.status, () => flow.write(bytes));
    }
    flow.write(bytes);
  }

  async #sendRequest(text: string, key: string): Promise<void> {
    const request = readRequest(text);
    if (!request) throw new Error('a request without Via');
    const branch = `${request.branch}.${key}`;
    const marked = request.flow === undefined ? undefined : this.#flows.find(request.flow);
    const flow = marked ?? (await this.#reach(request));
    const bytes = requestBytes(request, flow, branch);
    if (flow.transport !== 'udp') return flow.write(bytes);
    if (bytes.length > LARGEST_DATAGRAM && (await this.#sendByTcp(request, branch))) return;
    this.#clients.requestSent(branch, request.method, () => flow.write(bytes));
    flow.write(bytes);
  }

  #reach(request: OutgoingRequest): Promise<Flow> {
    if (request.needsTls) throw new Error('no way to send by TLS');
    return this.#flows.reach(targetOf(request.nextHop));
  }

  /** False where the peer takes no TCP: then a datagram has to do. */
  async #sendByTcp(request: OutgoingRequest, branch: string): Promise<boolean> {
    if (request.needsTls) return false;
    const target: Target = { ...targetOf(request.nextHop), transport: 'tcp' };
    if (!this.#flows.takesTcp(target)) return false;
    try {
      const flow: Flow = await this.#flows.reach(target);
      flow.write(requestBytes(request, flow, branch));
      return true;
    } catch (error) {
      this.#log.debug({ target, error }, 'a large request: TCP refused, so by UDP');
      this.#flows.refusesTcp(target);
      return false;
    }
  }
}

/** Where a request to that URI goes (RFC 3263 section 4, without DNS): UDP and 5060 unless it says otherwise. */
function targetOf(text: string): Target {
  const uri = parseSipUri(text);
  if (!uri) throw new Error('no SIP URI to send to');
  return {
    transport: transportOf(uri.parameters.get('transport') ?? 'udp'),
    host: uri.parameters.get('maddr') ?? uri.host,
    port: uri.port ?? 5060,
  };
}

function transportOf(name: string): Target['transport'] {
  const transport = name.toLowerCase();
  if (transport !== 'udp' && transport !== 'tcp') throw new Error(`no way to send by ${transport}`);
  return transport;
}
