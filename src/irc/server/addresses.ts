/** How many clients there are of each address; of IPv6, of each /64, which is what one user has (RFC 6177). */
import { isIPv6 } from 'node:net';

/** The counts. An address is released as often as it was claimed. */
export class Addresses {
  readonly #counts = new Map<string, number>();

  /** Counts one more; false, and nothing is counted, where there are `most` already. */
  claim(address: string, most: number): boolean {
    const key = networkOf(address);
    const count = this.#counts.get(key) ?? 0;
    if (count >= most) return false;
    this.#counts.set(key, count + 1);
    return true;
  }

  release(address: string): void {
    const key = networkOf(address);
    const count = (this.#counts.get(key) ?? 0) - 1;
    if (count > 0) this.#counts.set(key, count);
    else this.#counts.delete(key);
  }
}

/** Whether an address, in any way of writing it, is this host's alone (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3). */
export function isLoopback(address: string): boolean {
  const plain = plainAddress(address);
  return plain === '::1' || plain.startsWith('127.');
}

/** An address in the one way of writing it (RFC 5952); one that carries an IPv4 address is that (RFC 4291 section 2.5.5.2). */
export function plainAddress(address: string): string {
  // A zone is no part of the address of anybody.
  const bare = address.replace(/%.*$/, '');
  if (!isIPv6(bare)) return bare;
  const written = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(written) ?? [];
  if (high === undefined || low === undefined) return written;
  const [left, right] = [parseInt(high, 16), parseInt(low, 16)];
  return [left >> 8, left & 255, right >> 8, right & 255].join('.');
}

function networkOf(address: string): string {
  const plain = plainAddress(address);
  if (!plain.includes(':')) return plain;
  const [before = '', after = ''] = plain.split('::');
  const head = groups(before);
  const tail = groups(after);
  const middle = plain.includes('::') ? Array<string>(8 - head.length - tail.length).fill('0') : [];
  return `${[...head, ...middle, ...tail].slice(0, 4).join(':')}::/64`;
}

function groups(text: string): string[] {
  return text === '' ? [] : text.split(':');
}
