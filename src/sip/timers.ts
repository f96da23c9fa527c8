/** Times of RFC 3261 section 17.1.1.1, in milliseconds. */

/** The estimate of a round trip. */
export const T1 = 500;
/** The longest time between two retransmissions. */
export const T2 = 4_000;
/** How long a message may stay in the network. */
export const T4 = 5_000;
/** When a transaction is given up. */
export const TRANSACTION_TIME = 64 * T1;
