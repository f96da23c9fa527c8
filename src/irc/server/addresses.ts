/** How many clients there are of each address. */

export class Addresses {
  readonly #counts = new Map<string, number>();

  /** Counts one more; false, and nothing is counted, where there are `most` already. */
  claim(address: string, most: number): boolean {
    const count = this.#counts.get(address) ?? 0;
    if (count >= most) return false;
    this.#counts.set(address, count + 1);
    return true;
  }

  release(address: string): void {
    const count = (this.#counts.get(address) ?? 0) - 1;
    if (count > 0) this.#counts.set(address, count);
    else this.#counts.delete(address);
  }
}
