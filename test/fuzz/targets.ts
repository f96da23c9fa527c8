/** All that is fuzzed. */
import { cpim, headerValues, sdp } from './documents.ts';
import { msrpBent } from './msrp-bent.ts';
import { msrpTraffic } from './msrp-traffic.ts';
import type { Target } from './target.ts';
import { ircLines, sipHeads } from './wires.ts';

export const TARGETS: readonly Target[] = [
  msrpTraffic,
  msrpBent,
  cpim,
  sdp,
  headerValues,
  ircLines,
  sipHeads,
];
