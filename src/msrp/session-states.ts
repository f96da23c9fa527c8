/**
 * The life of one MSRP session, as data.
 *
 *              bound
 *   waiting ------------------------> open ----------.
 *      |   dialled    answered, bound  ^  |           | lost, overflowed,
 *      |---------> greeting -----------'  | end       | refused
 *      | distrusted,  | expired, lost,    |           |
 *      | expired,     | refused,          |           |
 *      | lost,        | overflowed,       |           |
 *      | overflowed,  | end               |           |
 *      | end          |                   |           |
 *      '--------------'-------------------'-----------'--> closed
 *
 * `greeting`: we are the active end, and our first SEND is not answered yet. `step` is pure: whoever calls it owns the
 * connection and the timer. An input that has no cell in a state changes nothing.
 */

/**
 * `never-connected`: nobody bound the session in time, or it could not be dialled. `connection-lost`: the connection
 * ended, or took bytes too slowly. `ended`: by us. `refused`: the peer answered 481 or 506. `untrusted`: the other end of
 * its connection is not who the SDP speaks of.
 */
export type CloseReason = 'never-connected' | 'connection-lost' | 'ended' | 'refused' | 'untrusted';

export type SessionState =
  { name: 'waiting' } | { name: 'greeting' } | { name: 'open' } | { name: 'closed'; reason: CloseReason };

export type SessionInput =
  | 'bound' // a valid request of the peer came over a connection
  | 'dialled' // our own connection to the peer stands
  | 'answered' // our first SEND got its 200
  | 'refused'
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
    overflowed: closed('connection-lost', 'drop'),
    end: closed('ended', 'drain'),
  },
  open: {
    lost: closed('connection-lost', 'drop'),
    refused: closed('refused', 'drop'),
    overflowed: closed('connection-lost', 'drop'),
    end: closed('ended', 'drain'),
  },
  closed: {},
};

/** What an input makes of a state, and what is to be done then. */
export function step(state: SessionState, input: SessionInput): Step {
  return table[state.name][input] ?? { state, actions: [] };
}

function closed(reason: CloseReason, release: 'drain' | 'drop'): Step {
  return { state: { name: 'closed', reason }, actions: [release, 'tell-closed'] };
}
