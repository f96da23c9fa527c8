/** One MSRP request or response as bytes, and back (RFC 4975 sections 7 and 9). */

export interface MsrpFrame {
  readonly transaction: string;
  /** The request's method; undefined in a response. */
  readonly method: string | undefined;
  /** The response's status; 0 in a request. */
  readonly status: number;
  readonly comment: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Undefined where the request has no body, not even an empty one. */
  readonly body: Buffer | undefined;
  /** `$` complete, `+` to be continued, `#` given up. */
  readonly flag: string;
}

export interface FrameHead {
  readonly transaction: string;
  /** `SEND`, or `200 OK`. */
  readonly what: string;
  readonly toPath: string;
  readonly fromPath: string;
}

export function writeMsrp(
  head: FrameHead,
  headers: readonly (readonly [string, string])[] = [],
  body?: Buffer,
  flag = '$',
): Buffer {
  const all = [['To-Path', head.toPath], ['From-Path', head.fromPath], ...headers];
  const top = `MSRP ${head.transaction} ${head.what}\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join('')}`;
  const end = `-------${head.transaction}${flag}\r\n`;
  if (body === undefined) return Buffer.from(top + end);
  return Buffer.concat([Buffer.from(`${top}\r\n`), body, Buffer.from(`\r\n${end}`)]);
}

/** The first frame of the bytes and how many of them it is; undefined while it is not all there. Throws Error at what is none. */
export function readMsrp(bytes: Buffer): { frame: MsrpFrame; length: number } | undefined {
  const startEnd = bytes.indexOf('\r\n');
  if (startEnd < 0) return undefined;
  const start = bytes.subarray(0, startEnd).toString();
  const [, transaction, request, status, comment = ''] =
    /^MSRP ([A-Za-z0-9][A-Za-z0-9.\-+%=]{3,31}) (?:([A-Z]+)|(\d{3})(?: (.*))?)$/.exec(start) ?? [];
  if (transaction === undefined) throw new Error(`no MSRP start line: ${start}`);
  const headers: [string, string][] = [];
  for (let at = startEnd + 2; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const line = bytes.subarray(at, lineEnd).toString();
    const ended = endFlag(line, transaction);
    const frame = { transaction, method: request, status: Number(status ?? 0), comment, headers };
    if (ended !== undefined)
      return { frame: { ...frame, body: undefined, flag: ended }, length: lineEnd + 2 };
    if (line === '') {
      const found = findEnd(bytes, lineEnd + 2, transaction);
      if (found === undefined) return undefined;
      const body = Buffer.from(bytes.subarray(lineEnd + 2, Math.max(lineEnd + 2, found.bodyEnd)));
      return { frame: { ...frame, body, flag: found.flag }, length: found.length };
    }
    const [, name, value] = /^([^:\s]+): ?(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`no MSRP header: ${line}`);
    headers.push([name, value]);
    at = lineEnd + 2;
  }
}

/** The first value of a header, or undefined. */
export function field(frame: MsrpFrame, name: string): string | undefined {
  return frame.headers.find(([other]) => other.toLowerCase() === name.toLowerCase())?.[1];
}

function endFlag(line: string, transaction: string): string | undefined {
  return ['$', '+', '#'].find((flag) => line === `-------${transaction}${flag}`);
}

function findEnd(
  bytes: Buffer,
  from: number,
  transaction: string,
): { bodyEnd: number; flag: string; length: number } | undefined {
  const mark = `-------${transaction}`;
  for (let at = from; ;) {
    // An empty body may share the blank line's CRLF with the end-line's.
    const found = bytes.indexOf(mark, at);
    if (found < 0) return undefined;
    const after = found + mark.length;
    const flag = String.fromCharCode(bytes[after] ?? 0);
    if (bytes.length < after + 3) return undefined;
    const lineStarts = bytes.subarray(found - 2, found).toString() === '\r\n';
    if (lineStarts && '$+#'.includes(flag) && bytes.subarray(after + 1, after + 3).toString() === '\r\n') {
      return { bodyEnd: found - 2, flag, length: after + 3 };
    }
    at = found + 1;
  }
}
