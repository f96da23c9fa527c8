/** Message/CPIM by RFC 3862, as a simple client reads and writes it. */

export interface CpimMessage {
  /** Names as written. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The headers of the wrapped content. */
  readonly mime: readonly (readonly [name: string, value: string])[];
  readonly content: Buffer;
}

export interface CpimParts {
  /** E.g. `"Alice" <sip:alice@users.test>`. */
  readonly from: string;
  readonly to: string;
  readonly cc?: readonly string[];
  readonly type: string;
  readonly content: string | Buffer;
  readonly headers?: readonly (readonly [string, string])[];
  readonly date?: Date;
}

export function writeCpim(parts: CpimParts): Buffer {
  const headers = [
    ['From', parts.from],
    ['To', parts.to],
    ...(parts.cc ?? []).map((uri) => ['cc', uri]),
    ['DateTime', (parts.date ?? new Date()).toISOString()],
    ...(parts.headers ?? []),
  ];
  const top = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.concat([
    Buffer.from(`${top}\r\nContent-Type: ${parts.type}\r\n\r\n`),
    typeof parts.content === 'string' ? Buffer.from(parts.content) : parts.content,
  ]);
}

/** Throws Error where there are not two blocks of headers, or no Content-Type in the second (RFC 3862 section 2). */
export function readCpim(bytes: Buffer): CpimMessage {
  const outer = headersOf(bytes);
  const inner = headersOf(outer.rest);
  if (!inner.headers.some(([name]) => name.toLowerCase() === 'content-type')) {
    throw new Error(`no Content-Type of the content: ${bytes.toString()}`);
  }
  return { headers: outer.headers, mime: inner.headers, content: inner.rest };
}

/** The first value of a header of the wrapper; names are case-sensitive (RFC 3862 section 2.2). */
export function cpimHeader(message: CpimMessage, name: string): string | undefined {
  return message.headers.find(([other]) => other === name)?.[1];
}

/** The formal name and the URI of a From, To or cc header. */
export function addressOf(value: string): { readonly name: string; readonly uri: string } {
  const [, name = '', uri] = /^(.*?)\s*<([^<>]*)>$/.exec(value) ?? [];
  if (uri === undefined) throw new Error(`no address: ${value}`);
  const quoted = /^"(.*)"$/s.exec(name);
  return { name: quoted ? unescaped(quoted[1] ?? '') : name, uri };
}

/** Type and subtype of the content, in lower case. */
export function contentType(message: CpimMessage): string {
  const value = message.mime.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  return (value.split(';')[0] ?? '').trim().toLowerCase();
}

const SHORT: Record<string, string> = { b: '\b', t: '\t', n: '\n', r: '\r' };

/** RFC 3862 section 2.3.1. */
function unescaped(text: string): string {
  return text.replace(/\\(u[0-9A-Fa-f]{4}|.)/gs, (_, code: string) =>
    code.length === 5 ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : (SHORT[code] ?? code),
  );
}

function headersOf(bytes: Buffer): { headers: [string, string][]; rest: Buffer } {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) throw new Error(`no blank line behind the headers: ${bytes.toString()}`);
  const lines = bytes.subarray(0, end).toString().split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const [, name, value] = /^([!-9;-~]+):(?:;\S+)* (.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`no header by RFC 3862: ${line}`);
    return [name, value];
  });
  return { headers, rest: bytes.subarray(end + 4) };
}
