/** A connection of an endpoint whose other end reads as fast as the test lets it, and what was written to it. */
import { silentLog } from '../../src/common/log.ts';
import { MsrpEndpoint, type MsrpSession } from '../../src/msrp/index.ts';
import type { MsrpLimits } from '../../src/msrp/limits.ts';
import { MsrpParser } from '../../src/msrp/parser.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { Listener, Transcript } from './events.ts';
import { frame, pipe, type PipeEnd, RawPeer } from './pipe.ts';

export const PEER = 'msrp://192.0.2.2:2855/peer;tcp';

export interface Outgoing {
  readonly endpoint: MsrpEndpoint;
  readonly clock: FakeClock;
  readonly end: PipeEnd;
  readonly peer: RawPeer;
  /** A session of a peer with that name, behind that relay if there is one, bound to the connection. */
  readonly open: (name: string, relay?: string) => Promise<{ session: MsrpSession; listener: Listener }>;
  /** The frames that were ended since the last time. */
  readonly frames: () => Transcript['frames'];
}

export function outgoing({
  framed = false,
  ...limits
}: { framed?: boolean } & Partial<MsrpLimits> = {}): Outgoing {
  const clock = new FakeClock();
  const endpoint = new MsrpEndpoint({ clock, log: silentLog, maxMessageBytes: 100_000, ...limits });
  const [end, other] = pipe();
  end.framed = framed;
  endpoint.accept(end);
  const peer = new RawPeer(other);
  const transcript = new Transcript();
  const parser = new MsrpParser(transcript);
  let read = 0;
  return {
    endpoint,
    clock,
    end,
    peer,
    async open(name, relay) {
      const path = [...(relay === undefined ? [] : [relay]), PEER + name];
      const listener = new Listener();
      const session = endpoint.openSession({
        host: '192.0.2.1',
        port: 2855,
        handler: listener,
        accepts: () => true,
      });
      session.setPeer({ path });
      const paths = [`To-Path: ${session.path}`, `From-Path: ${path.join(' ')}`];
      await peer.says(frame(`bind${name}`, 'SEND', [...paths, 'Message-ID: first', 'Byte-Range: 1-0/0']));
      end.writes.length = 0;
      return { session, listener };
    },
    frames() {
      for (const bytes of end.writes.slice(read)) parser.push(bytes);
      read = end.writes.length;
      const whole = transcript.frames.filter(({ flag }) => flag !== undefined).length;
      return transcript.frames.splice(0, whole);
    },
  };
}

/** Each frame in a line: method or status, range, bytes, flag. */
export function summary(frames: Transcript['frames']): string[] {
  return frames.map(
    ({ head, body, flag }) => `${head.method || head.status} ${head.byteRange} ${body.length}${flag ?? ''}`,
  );
}
