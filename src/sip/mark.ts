/**
 * Our private mark on URIs and Vias that sip.js keeps for us: the flow to take, and whether our Contact is a sips one. It is
 * never on the wire: `Head` takes it off what comes in, `withoutMarks` off what leaves.
 */

export interface Mark {
  /** The token of the flow that leads there. */
  readonly flow: string | undefined;
  /** The dialog has a sips Contact on our side. */
  readonly sips: boolean;
}

const NAME = 'x-flow';
/** Before the token, of which none begins so. */
const SIPS = 's-';
const MARKS = new RegExp(`;${NAME}=[A-Za-z0-9_.-]*`, 'g');
const FIRST_MARK = new RegExp(`;${NAME}=(${SIPS})?([A-Za-z0-9_.-]*)`);

/** The mark as a parameter, with its semicolon; '' where there is nothing to say. */
export function writeMark({ flow, sips }: Mark): string {
  return flow === undefined && !sips ? '' : `;${NAME}=${sips ? SIPS : ''}${flow ?? ''}`;
}

/** What the first mark in a text says. */
export function readMark(text: string): Mark {
  const [, sips, token = ''] = FIRST_MARK.exec(text) ?? [];
  return { flow: token === '' ? undefined : token, sips: sips !== undefined };
}

/** A text as it may leave. */
export function withoutMarks(text: string): string {
  return text.includes(NAME) ? text.replace(MARKS, '') : text;
}
