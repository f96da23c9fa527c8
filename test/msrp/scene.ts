/** An endpoint with one session, and a peer that writes its frames by hand. */
import assert from 'node:assert/strict';
import { silentLog } from '../../src/common/log.ts';
import { MsrpEndpoint, type MsrpEndpointOptions, type MsrpSession } from '../../src/msrp/index.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { Listener } from './events.ts';
import { frame, pipe, type PipeEnd, RawPeer } from './pipe.ts';

export const PEER = 'msrp://192.0.2.2:2855/3debfcf0c6eefb271f5c;tcp';

export interface Scene {
  endpoint: MsrpEndpoint;
  clock: FakeClock;
  peer: RawPeer;
  /** Our end of the connection to `peer`. */
  end: PipeEnd;
  listener: Listener;
  session: MsrpSession;
  paths: string[];
  /** The response to a transaction, whole. */
  response: (transactionId: string, status: string) => string;
  dial: () => RawPeer;
}

export function scene(
  options: Partial<MsrpEndpointOptions> & { peer?: string; longMessageBytes?: number } = {},
): Scene {
  const clock = new FakeClock();
  const endpoint = new MsrpEndpoint({ log: silentLog, maxMessageBytes: 1000, ...options, clock });
  const listener = new Listener();
  const accepts = (type: string) => type === 'text/plain' || type === 'message/cpim';
  const { longMessageBytes = Infinity } = options;
  const session = endpoint.openSession({
    host: '127.0.0.1',
    port: 44923,
    handler: listener,
    accepts,
    longMessageBytes,
  });
  session.setPeer({ path: [options.peer ?? PEER] });
  const connect = () => {
    const [end, other] = pipe();
    endpoint.accept(end);
    return { end, peer: new RawPeer(other) };
  };
  const dial = () => connect().peer;
  const response = (transactionId: string, status: string) =>
    frame(transactionId, status, [`To-Path: ${PEER}`, `From-Path: ${session.path}`]);
  const paths = [`To-Path: ${session.path}`, `From-Path: ${PEER}`];
  return { endpoint, clock, ...connect(), listener, session, paths, response, dial };
}

export const EMPTY = ['Message-ID: first', 'Byte-Range: 1-0/0'];

export async function opened(options: Parameters<typeof scene>[0] = {}): Promise<Scene> {
  const all = scene(options);
  assert.equal(
    await all.peer.says(frame('bind0001', 'SEND', [...all.paths, ...EMPTY])),
    all.response('bind0001', '200 OK'),
  );
  return all;
}

/** The status of each frame that came. */
export const statuses = (text: string) =>
  [...text.matchAll(/^MSRP \S+ (\d{3}|[A-Z]+)/gm)].map((match) => match[1]);
