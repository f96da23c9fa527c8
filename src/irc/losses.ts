/** Why a link has ended, and what that means for the next one. */

/**
 * - `net`: the connection broke, or the server went away.
 * - `throttled`: we connected too often; later it may go.
 * - `limit`: no more connections for us, or for anybody.
 * - `banned`: we, or this user, are not wanted on the network.
 * - `killed`: an operator ended it; that is an order.
 * - `flood`: we sent too much.
 * - `refused`: the server does not take the login (password, nick, time-out).
 * - `own`: we ended it.
 */
export type LossKind = 'net' | 'throttled' | 'limit' | 'banned' | 'killed' | 'flood' | 'refused' | 'own';

export interface Loss {
  readonly kind: LossKind;
  /** For people: what the server said, or what went wrong. */
  readonly text: string;
}

/**
 * What servers write into ERROR, the first that fits. Orders come before limits: what stands behind a kill or a ban is
 * written by people, and may say anything.
 */
const SIGNS: readonly (readonly [LossKind, RegExp])[] = [
  ['killed', /\bkilled\b/i],
  ['banned', /banned|\b[kgzdx][-: ]?line[d)]?\b|\bakill|bad user info|not welcome/i],
  ['throttled', /throttl|too fast|too many times|too many (?:unknown|unregistered) connections|\breconnect/i],
  ['limit', /too many|no more connections|server is full|connection limit|\bclones?\b|no room/i],
  ['flood', /excess flood|flood(?:ing|ed)?\b|(?:send|recv)q exceeded/i],
  [
    'refused',
    /password|bad nick|registration time|access denied|unauthori[sz]ed|not authori[sz]ed|not permitted|sasl/i,
  ],
];

/** What the text of an ERROR says; `net` where it says nothing that we know. */
export function lossOf(text: string): LossKind {
  return SIGNS.find(([, sign]) => sign.test(text))?.[0] ?? 'net';
}
