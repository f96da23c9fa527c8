/** SIP messages as text and back, by the grammar of RFC 3261 section 25 and no more of it than a phone needs. */

export interface SipMessage {
  /** The request's method; undefined in a response. */
  readonly method: string | undefined;
  readonly uri: string;
  /** The response's status; 0 in a request. */
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

const FULL_NAMES: Record<string, string> = {
  v: 'via',
  f: 'from',
  t: 'to',
  i: 'call-id',
  m: 'contact',
  l: 'content-length',
  c: 'content-type',
  s: 'subject',
  k: 'supported',
  o: 'event',
  u: 'allow-events',
  x: 'session-expires',
};

/** Throws Error where the text is no SIP message. */
export function parseSip(text: string): SipMessage {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) throw new Error(`no end of the headers: ${text}`);
  const [start = '', ...lines] = text
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = lines.map((line) => {
    const [, name, value] = /^([^\s:]+)[ \t]*:[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`no header: ${line}`);
    return [FULL_NAMES[name.toLowerCase()] ?? name.toLowerCase(), value] as const;
  });
  const body = text.slice(end + 4);
  const response = /^SIP\/2\.0 (\d{3}) (.*)$/.exec(start);
  if (response) {
    return {
      method: undefined,
      uri: '',
      status: Number(response[1]),
      reason: response[2] ?? '',
      headers,
      body,
    };
  }
  const request = /^([A-Z]+) (\S+) SIP\/2\.0$/.exec(start);
  if (!request) throw new Error(`no start line: ${start}`);
  return { method: request[1], uri: request[2] ?? '', status: 0, reason: '', headers, body };
}

/** Adds the Content-Length. */
export function writeSip(start: string, headers: readonly (readonly [string, string])[], body = ''): string {
  const lines = [...headers, ['Content-Length', String(Buffer.byteLength(body))] as const];
  return `${start}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}

/** The first value of a header, or an empty string. Names in lower case. */
export function header(message: SipMessage, name: string): string {
  return message.headers.find(([other]) => other === name)?.[1] ?? '';
}

/** All values of a header that may be a list, in order. */
export function listed(message: SipMessage, name: string): string[] {
  return message.headers.filter(([other]) => other === name).flatMap(([, value]) => splitAtCommas(value));
}

/** Commas within quotes and angle brackets belong to the value. */
export function splitAtCommas(value: string): string[] {
  const parts = value.match(/(?:"(?:\\.|[^"\\])*"|<[^>]*>|[^,"<])+/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** The URI of a From, To, Contact, Route or Record-Route value. */
export function uriOf(value: string): string {
  const bare = value.replace(/^"(?:\\.|[^"\\])*"/, '');
  return /<([^>]*)>/.exec(bare)?.[1] ?? bare.split(';')[0]?.trim() ?? '';
}

/** A parameter behind the URI of such a value, e.g. its tag; an empty string where it has no value. */
export function parameterOf(value: string, name: string): string | undefined {
  const bare = value.replace(/"(?:\\.|[^"\\])*"/g, '').replace(/<[^>]*>/, '');
  const found = bare.split(';').map((part) => part.trim().split('='));
  return found
    .find(([other]) => other?.toLowerCase() === name)
    ?.slice(1)
    .join('=');
}
