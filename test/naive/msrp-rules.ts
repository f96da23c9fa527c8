/** What a frame must be like by RFC 4975, as far as it can be told from the frame alone. */
import { field, type MsrpFrame } from './msrp-frame.ts';

/** Chunks above this must be ones that can be interrupted (section 7.1.1). */
const LONGEST_PLAIN = 2048;
const RANGE = /^[1-9]\d*-(?:\d+|\*)\/(?:\d+|\*)$/;

/** The first rule that the frame breaks, or undefined. */
export function faultOf(frame: MsrpFrame): string | undefined {
  const names = frame.headers.map(([name]) => name);
  if (names[0] !== 'To-Path' || names[1] !== 'From-Path') return 'To-Path and From-Path do not come first';
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) return `${twice} stands twice`;
  const response = frame.method === undefined;
  if (response && (frame.flag !== '$' || frame.body)) return 'a response that is not whole';
  if (frame.body === undefined && names.some((name) => name.startsWith('Content-')))
    return 'Content-* without a body';
  // Section 9: Content-Type is the last header where there is a body.
  if (frame.body && names.at(-1) !== 'Content-Type') return 'Content-Type is not the last header';
  if (frame.method === 'SEND') return faultOfSend(frame);
  if (frame.method === 'REPORT') return faultOfReport(frame);
  if (frame.method === 'NICKNAME' && (names.includes('Success-Report') || names.includes('Failure-Report')))
    return 'report headers in a NICKNAME';
  return undefined;
}

function faultOfSend(frame: MsrpFrame): string | undefined {
  if (field(frame, 'Message-ID') === undefined) return 'a SEND without Message-ID';
  const range = field(frame, 'Byte-Range');
  if (range === undefined) return 'a SEND without Byte-Range';
  if (frame.body === undefined) return range === '1-0/0' ? undefined : `a bodiless SEND of ${range}`;
  if (!RANGE.test(range)) return `the Byte-Range ${range}`;
  const [start = 0, end = NaN, total = NaN] = range.split(/[-/]/).map(Number);
  const { length } = frame.body;
  if (length > LONGEST_PLAIN && !Number.isNaN(end)) return 'a long chunk that cannot be interrupted';
  if (!Number.isNaN(end) && end !== start + length - 1)
    return `a Byte-Range of ${range} with ${length} bytes`;
  if (start + length - 1 > total) return 'more bytes than its total';
  if (frame.flag === '$' && !Number.isNaN(total) && start + length - 1 !== total)
    return 'a last chunk that does not end with the message';
  return undefined;
}

/** Sections 7.1.2 and 7.1.3. */
function faultOfReport(frame: MsrpFrame): string | undefined {
  if (field(frame, 'Success-Report') ?? field(frame, 'Failure-Report')) return 'report headers in a REPORT';
  if (field(frame, 'Message-ID') === undefined) return 'a REPORT without Message-ID';
  if (!RANGE.test(field(frame, 'Byte-Range') ?? '')) return 'a REPORT without Byte-Range';
  if (!/^000 \d{3}(?: .*)?$/.test(field(frame, 'Status') ?? '')) return 'a REPORT without Status';
  return frame.flag === '$' ? undefined : 'a REPORT that is not whole';
}
