/** Who hears numbered messages, when, and in which order. */

interface Hearing {
  readonly number: number;
  /** Milliseconds from sending to hearing. */
  readonly latency: number;
}

/** Numbered messages of one run, as they are sent. */
export class Run {
  readonly #label: string;
  readonly #sent = new Map<number, { readonly by: string; readonly at: number }>();
  readonly #counts = new Map<string, number>();

  constructor(label: string) {
    this.#label = label;
  }

  get count(): number {
    return this.#sent.size;
  }

  /** How many of the messages are of one sender. */
  countOf(sender: string): number {
    return this.#counts.get(sender) ?? 0;
  }

  /** The text of the next message; it is on its way from now on. */
  next(by: string): string {
    const number = this.#sent.size;
    this.#sent.set(number, { by, at: performance.now() });
    this.#counts.set(by, this.countOf(by) + 1);
    return `${this.#label} ${number} the quick brown fox jumps over the lazy dog`;
  }

  /** What a text says when it is heard; nothing where it is not of this run. */
  read(text: string): Hearing | undefined {
    const [, label, number] = /^(\S+) (\d+) the quick/.exec(text) ?? [];
    const sent = label === this.#label ? this.#sent.get(Number(number)) : undefined;
    return sent && { number: Number(number), latency: performance.now() - sent.at };
  }

  senderOf(number: number): string | undefined {
    return this.#sent.get(number)?.by;
  }
}

/** Somebody who hears all of a run but what it says itself. */
export class Witness {
  readonly side: 'SIP' | 'IRC';
  readonly latencies: number[] = [];
  /** The numbers as they were heard for the first time. */
  readonly order: number[] = [];
  doubled = 0;
  lastAt = performance.now();
  readonly #run: Run;
  readonly #name: string | undefined;
  readonly #heard = new Set<number>();

  /** `name` is its name among the senders, where it is one. */
  constructor(run: Run, side: 'SIP' | 'IRC', name?: string) {
    this.#run = run;
    this.#name = name;
    this.side = side;
  }

  hears(text: string): void {
    const hearing = this.#run.read(text);
    if (!hearing) return;
    this.lastAt = performance.now();
    if (this.#heard.has(hearing.number)) {
      this.doubled += 1;
      return;
    }
    this.#heard.add(hearing.number);
    this.order.push(hearing.number);
    this.latencies.push(hearing.latency);
  }

  get lost(): number {
    const own = this.#name === undefined ? 0 : this.#run.countOf(this.#name);
    return this.#run.count - own - this.order.length;
  }
}

/**
 * How often a witness heard a message behind another that the first witness heard after it, and how often the first
 * one heard those of one sender other than they were sent.
 */
export function outOfOrder(run: Run, witnesses: readonly Witness[]): number {
  const [first, ...others] = witnesses;
  if (!first) return 0;
  const place = new Map(first.order.map((number, at) => [number, at]));
  const steps = (places: readonly number[]): number =>
    places.filter((at, index) => index > 0 && at < (places[index - 1] ?? 0)).length;
  const senders = new Set(first.order.map((number) => run.senderOf(number)));
  const ofSenders = [...senders].map((sender) =>
    steps(first.order.filter((number) => run.senderOf(number) === sender)),
  );
  const ofOthers = others.map(({ order }) => steps(order.flatMap((number) => place.get(number) ?? [])));
  return [...ofSenders, ...ofOthers].reduce((sum, count) => sum + count, 0);
}
