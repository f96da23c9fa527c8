/**
 * The life of one MSRP session, as data.
 *
 *              bound
 *   waiting ------------------------> open ----------.
 *      |   dialled    answered, bound  ^  |           | lost, overflowed,
 *      |---------> greeting -----------'  | end       | refused, undelivered
 *      | distrusted,  | expired, lost,    |           |
 *      | expired,     | refused,          |           |
 *      | lost,        | undelivered,      |           |
 *      | overflowed,  | overflowed, end   |           |
 *      | end          |                   |           |
 *      '--------------'-------------------'-----------'--> closed
 *
 * `greeting`: we are the active end, and our first SEND is not answered yet. `step` is pure: whoever calls it owns the
 * connection and the timer. An input that has no cell in a state changes nothing.
 */

/**
 * `never-connected`: nobody bound the session in time, or it could not be dialled. `connection-lost`: the connection
 * ended, or took bytes too slowly. `ended`: by us. `refused`: the peer answered 481 or 506. `undelivered`: something that we
 * have sent did not get there, as a relay says. `untrusted`: the other end of its connection is not who the SDP speaks of.
 */
export type CloseReason =
  'never-connected' | 'connection-lost' | 'ended' | 'refused' | 'undelivered' | 'untrusted';

export type SessionState =
  { name: 'waiting' } | { name: 'greeting' } | { name: 'open' } | { name: 'closed'; reason: CloseReason };

export type SessionInput =
  | 'bound' // a valid request of the peer came over a connection
  | 'dialled' // our own connection to the peer stands
  | 'answered' // our first SEND got its 200
  | 'refused' // the peer says that there is no such session, or that it is another connection's
  | 'undelivered' // bytes of ours were not received
  | 'harmless' // an error that is about one message, and not about the session
  | 'distrusted' // the certificate of the other end is not the peer's
  | 'expired' // not open in time, or not to be reached
  | 'lost'
  | 'overflowed'
  | 'end';

export type SessionAction =
  | 'greet' // send the bodiless SEND of the active end
  | 'tell-opened'
  | 'drain' // let the connection go when everything queued is sent
  | 'drop' // let the connection go and forget what is queued
  | 'tell-closed';

export interface Step {
  readonly state: SessionState;
  readonly actions: readonly SessionAction[];
}

type Table = Record<SessionState['name'], Partial<Record<SessionInput, Step>>>;

const table: Table = {
  waiting: {
    bound: { state: { name: 'open' }, actions: ['tell-opened'] },
    dialled: { state: { name: 'greeting' }, actions: ['greet'] },
    distrusted: closed('untrusted', 'drop'),
    expired: closed('never-connected', 'drop'),
    lost: closed('never-connected', 'drop'),
    overflowed: closed('connection-lost', 'drop'),
    end: closed('ended', 'drop'),
  },
  greeting: {
    // A request of the peer over the connection that we dialled says as much as its 200 would.
    bound: { state: { name: 'open' }, actions: ['tell-opened'] },
    answered: { state: { name: 'open' }, actions: ['tell-opened'] },
    expired: closed('never-connected', 'drop'),
    lost: closed('never-connected', 'drop'),
    refused: closed('refused', 'drop'),
    undelivered: closed('undelivered', 'drop'),
    overflowed: closed('connection-lost', 'drop'),
    end: closed('ended', 'drain'),
  },
  open: {
    lost: closed('connection-lost', 'drop'),
    refused: closed('refused', 'drop'),
    undelivered: closed('undelivered', 'drop'),
    overflowed: closed('connection-lost', 'drop'),
    end: closed('ended', 'drain'),
  },
  closed: {},
};

/** What an input makes of a state, and what is to be done then. */
export function step(state: SessionState, input: SessionInput): Step {
  return table[state.name][input] ?? { state, actions: [] };
}

/**
 * What an error means for the session. A REPORT counts as the response with its code would (RFC 4975 section 7.3.2): it says
 * of one message that it is refused, and others may follow (sections 10.2 to 10.6; RFC 7701 has 428 and others), or that the
 * session is over (10.8, 10.10). But where a REPORT says that bytes were not received the session MUST be treated as failed
 * (7.3.2). 408 is the code that says so (10.4; RFC 4976 section 6.4.1). As a response it is a time-out of that message.
 */
export function faultOf(status: number, by: 'response' | 'report'): SessionInput {
  if (status === 481 || status === 506) return 'refused';
  return status === 408 && by === 'report' ? 'undelivered' : 'harmless';
}

function closed(reason: CloseReason, release: 'drain' | 'drop'): Step {
  return { state: { name: 'closed', reason }, actions: [release, 'tell-closed'] };
}
