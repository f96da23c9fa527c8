/** What sip.js wrote, made ready for the wire: its placeholders filled in, our private marks taken off. */
import type { Flow } from './flow.ts';
import { readMark, withoutMarks } from './mark.ts';
import { splitList } from './parameters.ts';
import { contactPlace, isSips, placeContact } from './sips.ts';
import { parseVia, transactionKey } from './via.ts';

/** A message of sip.js: lines without the empty one, and the body. */
interface Text {
  readonly lines: readonly string[];
  readonly body: string;
  /** Our Contact in it is a sips one. */
  readonly sips: boolean;
}

export interface OutgoingResponse extends Text {
  readonly status: number;
  readonly method: string;
  /** Names the server transaction. */
  readonly key: string;
  /** The flow by which the request came. */
  readonly flow: string | undefined;
  /** Where the answer goes when that flow is gone (RFC 3261 section 18.2.2). */
  readonly via: { readonly transport: string; readonly host: string; readonly port: number };
}

export interface OutgoingRequest extends Text {
  readonly method: string;
  readonly branch: string;
  /** The URI of the first Route, else the Request-URI. */
  readonly nextHop: string;
  /** The flow that it names. */
  readonly flow: string | undefined;
  /** It must not be sent but by TLS, where no flow is named (RFC 3261 section 8.1.2). */
  readonly needsTls: boolean;
}

/** Undefined when it is none that we could send. */
export function readResponse(text: string): OutgoingResponse | undefined {
  const parts = split(text);
  const top = valueOf(parts.lines, 'Via');
  const via = parseVia(top);
  const cseq = /^(\d+) (\S+)$/.exec(valueOf(parts.lines, 'CSeq'));
  if (!via || !cseq) return undefined;
  const method = cseq[2] ?? '';
  return {
    ...parts,
    status: Number(parts.lines[0]?.slice(8, 11)),
    method,
    key: transactionKey(via, valueOf(parts.lines, 'Call-ID'), Number(cseq[1]), method),
    ...readMark(top),
    via: {
      transport: via.transport,
      host: via.parameters.get('received') ?? via.host,
      port: via.port ?? 5060,
    },
  };
}

/** A request of sip.js's as parts, to be written anew for the way that it takes. */
export function readRequest(text: string): OutgoingRequest | undefined {
  const parts = split(text);
  const [method = '', requestUri = ''] = (parts.lines[0] ?? '').split(' ');
  const [route] = splitList(valueOf(parts.lines, 'Route'));
  const nextHop = /<([^>]*)>/.exec(route ?? '')?.[1] ?? requestUri;
  const branch = /;branch=([^;]*)/.exec(valueOf(parts.lines, 'Via'))?.[1];
  if (branch === undefined) return undefined;
  const needsTls = isSips(requestUri) || isSips(nextHop);
  return {
    ...parts,
    method,
    branch,
    nextHop: withoutMarks(nextHop),
    flow: readMark(nextHop).flow,
    needsTls,
    // RFC 3261 section 8.1.1.8; in a dialog it stays what it was (section 12.2.1.1).
    sips: needsTls || readMark(requestUri).sips,
  };
}

/** A response as it goes out: without our private marks. */
export function responseBytes(response: OutgoingResponse, flow: Flow): Buffer {
  return bytesOf(response, flow, (line) => line);
}

/** `branch`: as it goes on the wire. */
export function requestBytes(request: OutgoingRequest, flow: Flow, branch: string): Buffer {
  const { sentBy } = flow.ourselves;
  const via = `Via: SIP/2.0/${flow.transport.toUpperCase()} ${sentBy};branch=${branch};rport`;
  return bytesOf(request, flow, (line) => (line.startsWith('Via: ') ? via : line));
}

function bytesOf(text: Text, flow: Flow, replace: (line: string) => string): Buffer {
  const place = contactPlace(flow.ourselves, text.sips);
  const lines = text.lines.map((line) => {
    const own = line.startsWith('Contact: ') ? placeContact(line, place) : line;
    return withoutMarks(replace(own));
  });
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${text.body}`);
}

function split(text: string): Omit<Text, 'sips'> {
  const end = text.indexOf('\r\n\r\n');
  return { lines: text.slice(0, end).split('\r\n'), body: text.slice(end + 4) };
}

function valueOf(lines: readonly string[], name: string): string {
  return lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? '';
}
