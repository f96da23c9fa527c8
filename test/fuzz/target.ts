/** What is fuzzed: one round, told by chance alone, so that its seed brings it back. */
import type { Random } from '../support/random.ts';

export interface Target {
  readonly name: string;
  /** Throws where a rule is broken. */
  round(random: Random): void | Promise<void>;
}
