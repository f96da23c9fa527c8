/** One network of two IRC servers, split and joined again. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { join } from '../naive/join.ts';
import type { Participant } from '../naive/participant.ts';
import { linkedInspircds, type LinkedServers } from '../peers/linked-inspircd.ts';
import { tcpRelay } from '../peers/tcp-relay.ts';
import { ircClient, type IrcClient } from '../support/irc-client.ts';
import { startParley } from '../support/parley.ts';
import { howTo, ircUri } from './scene.ts';

interface Network extends LinkedServers {
  /** On A, operator of #lobby, and on B. */
  readonly ann: IrcClient;
  readonly bea: IrcClient;
  readonly joins: (user: string) => Promise<Participant>;
}

/** Ann is on A, Bea on B, the reader on A; the puppets where they are told. */
async function network(t: TestContext, puppetsOn: 'a' | 'b'): Promise<Network> {
  const servers = await linkedInspircds(t);
  const { a, b } = servers;
  const ann = await ircClient(t, { host: a.host, port: a.port, nick: 'ann' });
  await ann.joins('#lobby');
  const bea = await ircClient(t, { host: b.host, port: b.port, nick: 'bea' });
  await bea.joins('#lobby');
  await ann.sees({ command: 'JOIN', from: 'bea' });
  // The program's first connection is its reader.
  const relay = await tcpRelay(t, (number) => (number === 0 ? a : servers[puppetsOn]));
  const config = {
    networks: { local: { servers: [`irc://${relay.host}:${relay.port}`] } },
    rooms: { lobby: { network: 'local', channel: '#lobby' } },
  };
  const parley = await startParley(t, { config });
  await bea.sees({ command: 'JOIN', from: 'parley' });
  return { ...servers, ann, bea, joins: (user) => join(t, howTo(parley, user)) };
}

/** What somebody heard of others, in order. */
function heardBy(who: Participant): string[] {
  return who.heard.all.filter(({ from }) => from !== who.roomUri).map(({ text }) => text);
}

function seenBy(who: IrcClient): string[] {
  return who.lines.filter(({ command }) => command === 'PRIVMSG').map(({ text }) => text);
}

test(
  'people on the other side of a split leave the roster and come back into it, and nothing is said twice',
  { timeout: 120_000 },
  async (t) => {
    const { ann, bea, joins, split, rejoin } = await network(t, 'a');
    const alice = await joins('alice');
    await bea.sees({ command: 'JOIN', from: 'alice' });
    await alice.subscribes();
    await alice.seesRoster('Ann and Bea', ({ people }) => people.size === 3 && people.has(ircUri('bea')));
    await bea.says('#lobby', 'before');
    await alice.hears('before', { from: ircUri('bea') });

    await split();
    await ann.sees({ command: 'QUIT', from: 'bea' });
    await alice.seesRoster('Bea gone', ({ people }) => people.size === 2 && !people.has(ircUri('bea')));
    await alice.says('during');
    await ann.sees({ command: 'PRIVMSG', from: 'alice', text: 'during' });
    await bea.says('#lobby', 'nobody hears me');

    await rejoin();
    await ann.sees({ command: 'JOIN', from: 'bea' });
    await bea.sees({ command: 'JOIN', from: 'alice' });
    await alice.seesRoster('Bea under her old address', ({ people }) => people.has(ircUri('bea')));
    await alice.says('after');
    await bea.sees({ command: 'PRIVMSG', from: 'alice', text: 'after' });
    await bea.says('#lobby', 'welcome back');
    await alice.hears('welcome back', { from: ircUri('bea') });
    assert.deepEqual(heardBy(alice), ['before', 'welcome back']);
    assert.deepEqual(seenBy(ann), ['before', 'during', 'after', 'welcome back']);
    assert.deepEqual(seenBy(bea), ['after']);
  },
);

test(
  'reader and puppets are on two sides of a split: a line that the reader does not hear is a failure, and nothing is said twice',
  { timeout: 180_000 },
  async (t) => {
    const { ann, bea, joins, split, rejoin } = await network(t, 'b');
    const alice = await joins('alice');
    const bob = await joins('bob');
    await alice.says('before');
    await ann.sees({ command: 'PRIVMSG', from: 'alice', text: 'before' });
    await bob.hears('before', { from: alice.address });

    await split();
    await ann.sees({ command: 'QUIT', from: 'alice' });
    const messageId = await alice.says('during');
    // It is known to some, but not to the channel as the reader sees it.
    const { status } = await alice.getsReport(messageId, 60_000);
    assert.ok(status >= 400, `a failure, not ${status}`);
    await ann.says('#lobby', 'where are you?');
    await alice.hears('where are you?', { from: ircUri('ann') });
    await bob.hears('where are you?', { from: ircUri('ann') });

    await rejoin();
    await ann.sees({ command: 'JOIN', from: /^alice/ }, 60_000);
    await ann.sees({ command: 'JOIN', from: /^bob/ }, 60_000);
    await bob.subscribes();
    await bob.seesRoster('everybody', ({ people }) => people.size === 4);
    await alice.says('after');
    await bob.hears('after', { from: alice.address });
    await ann.sees({ command: 'PRIVMSG', from: /^alice/, text: 'after' });
    await bea.sees({ command: 'PRIVMSG', from: /^alice/, text: 'after' });
    await ann.says('#lobby', 'welcome back');
    await alice.hears('welcome back');

    assert.deepEqual(heardBy(alice), ['where are you?', 'welcome back']);
    for (const said of [heardBy(bob), seenBy(ann), seenBy(bea)]) {
      assert.equal(new Set(said).size, said.length, `nothing twice in ${said.join(', ')}`);
      assert.ok(said.includes('before') && said.includes('after'), said.join(', '));
    }
    assert.ok(!seenBy(ann).includes('during'));
  },
);
