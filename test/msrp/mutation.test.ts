/** Frames with bytes changed, cut, doubled and moved, by the thousand: nothing may break, and others chat on. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { silentLog } from '../../src/common/log.ts';
import { MsrpEndpoint } from '../../src/msrp/index.ts';
import { bent } from '../support/bending.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { oneOf, randomFrom, seedOfRun } from '../support/random.ts';
import { Listener } from './events.ts';
import { frame, pipe, RawPeer, settle } from './pipe.ts';

const FRAMES = 2000;
const FOLDER = new URL('../torture/msrp/', import.meta.url);
const PEER = 'msrp://192.0.2.2:2855/peer;tcp';
const samples = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.msrp'))
  .map((name) => readFileSync(new URL(name, FOLDER), 'latin1').slice(0, 3000));

test(`${FRAMES} mutated frames: the endpoint lives, no timer stays, and another session chats`, async (t) => {
  const seed = seedOfRun();
  t.diagnostic(`SEED=${seed}`);
  const random = randomFrom(seed);
  const faults: string[] = [];
  const log = {
    ...silentLog,
    error: (fields: object) => faults.push(String((fields as { error?: unknown }).error)),
  };
  const clock = new FakeClock();
  const endpoint = new MsrpEndpoint({ clock, log, maxMessageBytes: 5000 });
  const accepts = () => true;

  const newSession = async (name: string) => {
    const listener = new Listener();
    const session = endpoint.openSession({ host: '127.0.0.1', port: 2855, handler: listener, accepts });
    session.setPeer({ path: [PEER + name] });
    const [end, other] = pipe();
    endpoint.accept(end);
    const peer = new RawPeer(other);
    const paths = [`To-Path: ${session.path}`, `From-Path: ${PEER}${name}`];
    await peer.says(frame('bind0001', 'SEND', [...paths, 'Message-ID: first']));
    return { session, peer, paths, listener };
  };

  const friend = await newSession('friend');
  let victim = await newSession('victim0');
  let connections = 1;
  let broken = 0;
  for (let count = 0; count < FRAMES; count += 1) {
    // A body that has lost its end-line swallows what follows, so a stream is given up now and then.
    if (count % 8 === 7) victim.session.close();
    if (victim.peer.closed || victim.session.state === 'closed') {
      connections += 1;
      if (victim.listener.told.at(-1) === 'closed connection-lost') broken += 1;
      victim = await newSession(`victim${connections}`);
    }
    const sample = oneOf(random, samples)
      .replace(/^To-Path: .*$/m, `${victim.paths[0]}\r`)
      .replace(/^From-Path: .*$/m, `${victim.paths[1]}\r`);
    victim.peer.connection.write(bent(Buffer.from(sample, 'latin1'), random));
    if (count % 4 === 0) await settle(2);
    if (count % 200 === 0) {
      const headers = [...friend.paths, `Message-ID: m${count}`, 'Content-Type: text/plain'];
      const answer = await friend.peer.says(frame('friend01', 'SEND', headers, `hello ${count}`));
      assert.match(answer, /^MSRP friend01 200 /, `SEED=${seed}`);
    }
  }
  await settle();
  assert.deepEqual(faults, [], `SEED=${seed}`);
  assert.ok(broken > 50, 'mutations that break the stream came');
  assert.equal(friend.listener.messages.length, FRAMES / 200);
  assert.equal(friend.session.state, 'open');
  endpoint.close();
  clock.advance(60_000);
  await settle();
  assert.equal(clock.pending, 0, 'no timer is left');
});
