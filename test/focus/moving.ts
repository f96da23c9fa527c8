/** A device that goes on elsewhere: a re-INVITE with a new path (RFC 4975 section 8.4). */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { MsrpEnd } from '../naive/msrp.ts';
import type { Participant } from '../naive/participant.ts';
import { readSdp, writeSdp } from '../naive/sdp.ts';

export interface Moved {
  /** Its end of the new session, which nobody has connected yet. */
  readonly end: MsrpEnd;
  /** Connects it, or waits until the room has. */
  readonly connects: () => Promise<void>;
}

/** Sends the re-INVITE, which must be answered 200. `active`: the device is the one who connects. */
export async function moves(
  t: TestContext,
  who: Participant,
  setup: 'active' | 'passive' = 'active',
): Promise<Moved> {
  const end = await MsrpEnd.open(t, `${who.name} anew`, { listen: setup === 'passive' });
  const answer = await who.call.again(
    writeSdp({
      host: '127.0.0.1',
      port: end.port,
      path: end.uri,
      acceptTypes: 'message/cpim',
      wrapped: 'text/plain image/png',
      chatroom: 'nickname private-messages',
      setup,
    }),
  );
  assert.equal(answer.status, 200);
  end.peer = readSdp(answer.body).path.join(' ');
  const connects = async (): Promise<void> => {
    if (setup === 'passive') return end.isDialled();
    await end.dial();
    await end.greet();
  };
  return { end, connects };
}
