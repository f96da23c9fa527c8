/** When a request is answered, and by which way back (RFC 4975 section 7.2). */
import type { FailureReport } from './outgoing-message.ts';
import { pathLines, responseText } from './writer.ts';

interface Answerable {
  readonly method: string;
  readonly fromPath: string;
  readonly failureReport: string;
}

/** What a request asks for by its Failure-Report; absent and unknown values mean `yes` (RFC 4975 section 7.1.1). */
export function failureReportOf(head: Pick<Answerable, 'failureReport'>): FailureReport {
  const value = head.failureReport.toLowerCase();
  return value === 'no' || value === 'partial' ? value : 'yes';
}

/** Whether a request asks for a success report. */
export function wantsSuccessReport(head: { readonly successReport: string }): boolean {
  return head.successReport.toLowerCase() === 'yes';
}

/**
 * Whether a request is to be answered with this status. NICKNAME always is: Failure-Report has no place in it
 * (RFC 7701 section 7.1). REPORT never is (RFC 4975 section 7.1.2).
 */
function isDue(head: Answerable, status: number): boolean {
  if (head.method === 'NICKNAME') return true;
  if (head.method === 'REPORT') return false;
  const failureReport = failureReportOf(head);
  return failureReport === 'yes' || (failureReport === 'partial' && status >= 300);
}

/** The To-Path of a response: for SEND only the last hop, for others the whole way back. */
function returnPath(head: Answerable): string {
  const space = head.method === 'SEND' ? head.fromPath.indexOf(' ') : -1;
  return space < 0 ? head.fromPath : head.fromPath.slice(0, space);
}

/** Path lines that stand already for a way back. */
export interface KnownWay {
  readonly path: string;
  readonly lines: string;
}

/**
 * The whole response to a request, where one is due. `own`: the URI that the request went to. `known` may have the lines
 * from there to a path.
 */
export function responseTo(
  head: Answerable & { readonly transactionId: string },
  status: number,
  comment: string | undefined,
  own: string,
  known?: KnownWay,
): string | undefined {
  if (!isDue(head, status)) return undefined;
  const path = returnPath(head);
  const lines = known?.path === path ? known.lines : pathLines(path, own);
  return responseText(head.transactionId, status, comment, lines);
}

const REPORT_STATUS = /^(\d{3}) (\d{3})(?: (.*))?$/s;

/** What the Status header of a REPORT says; undefined where it is not of the one namespace that there is (RFC 4975 section 9). */
export function reportedStatus(
  line: string,
): { readonly status: number; readonly comment: string } | undefined {
  const [, namespace, code, comment = ''] = REPORT_STATUS.exec(line) ?? [];
  return namespace === '000' ? { status: Number(code), comment } : undefined;
}
