/** Those who only connect: they keep neither places nor nicks from others, nor from the gateway's own links. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { house, type House } from './house.ts';
import { Wire } from './wire.ts';

const limits = { clients: 4, perAddress: 1000, channels: 50, sendQueue: 100_000 };
const webirc = new Map([['secret', 'parley']]);

function comes(it: House, host: string, ...lines: string[]): Wire {
  const wire = new Wire(host);
  it.server.accept(wire, false);
  if (lines.length > 0) wire.says(...lines);
  return wire;
}

const registers = (nick: string): string[] => [`NICK ${nick}`, `USER ${nick} 0 * :x`];

test('who says nothing takes no place of a client; the oldest of the silent gives way, else the oldest', async (t) => {
  const it = await house(t, { limits });
  const talking = comes(it, '198.51.100.1', 'NICK talking');
  const silent = Array.from({ length: 31 }, () => comes(it, '198.51.100.2'));
  const alice = comes(it, '198.51.100.3', ...registers('alice'));
  assert.match((await alice.reads())[0] ?? '', / 001 alice /);
  assert.match((await silent[0]?.reads())?.[0] ?? '', /^ERROR .*\(Too many connections are waiting\)$/);
  assert.equal(silent[1]?.open, true);
  for (const wire of silent.slice(1)) wire.says('CAP LS');
  comes(it, '198.51.100.4', 'CAP LS');
  comes(it, '198.51.100.4', 'CAP LS');
  await talking.reads();
  assert.equal(talking.open, false);
  assert.equal(silent[1]?.open, true);
});

test('a first line within 15 seconds, registration within 60', async (t) => {
  const it = await house(t);
  const silent = comes(it, '198.51.100.1');
  const slow = comes(it, '198.51.100.1', 'NICK slow');
  it.clock.advance(15_000);
  assert.match((await silent.reads())[0] ?? '', /\(Registration timed out\)$/);
  assert.equal(slow.open, true);
  it.clock.advance(44_999);
  assert.equal(slow.open, true);
  it.clock.advance(1);
  assert.match((await slow.reads())[0] ?? '', /\(Registration timed out\)$/);
});

test('the nick of somebody who does not register is free after 15 seconds of silence (433)', async (t) => {
  const it = await house(t);
  const old = comes(it, '198.51.100.1', 'NICK alice');
  it.clock.advance(14_999);
  const alice = comes(it, '198.51.100.2', ...registers('alice'));
  assert.match((await alice.reads())[0] ?? '', / 433 \* alice /);
  it.clock.advance(1);
  alice.says('NICK alice');
  assert.match((await alice.reads())[0] ?? '', / 001 alice /);
  assert.match((await old.reads())[0] ?? '', / 433 alice alice /);
  old.says('USER old 0 * :x', 'NICK old');
  assert.match((await old.reads())[0] ?? '', / 001 old /);
});

test('a full server has some room left for those who come by a trusted gateway', async (t) => {
  const it = await house(t, { limits, webirc });
  const early = comes(it, '198.51.100.9', 'NICK early');
  for (const nick of ['a', 'b', 'c', 'd']) comes(it, '198.51.100.1', ...registers(nick));
  assert.match((await comes(it, '198.51.100.2').reads())[0] ?? '', /\(The server is full\)$/);
  early.says('USER early 0 * :x');
  assert.match((await early.reads())[0] ?? '', /\(The server is full\)$/);
  const plain = comes(it, '127.0.0.1', ...registers('plain'));
  assert.match((await plain.reads())[0] ?? '', /\(The server is full\)$/);
  const by = 'WEBIRC secret parley h 203.0.113.1';
  const link = comes(it, '127.0.0.1', by, ...registers('link'));
  assert.match((await link.reads())[0] ?? '', / 001 link /);
  assert.match((await comes(it, '127.0.0.1', by).reads())[0] ?? '', /\(The server is full\)$/);
});

test('WEBIRC with the address of the gateway itself is counted nowhere', async (t) => {
  const it = await house(t, { webirc, limits: { ...limits, clients: 1000, perAddress: 1 } });
  for (const [n, [from, named]] of [
    ['127.0.0.1', '127.0.0.1'],
    ['127.0.0.1', '127.0.0.1'],
    ['127.0.0.1', '0::1'],
    ['127.0.0.1', '0:0:0::1'],
    ['127.0.0.1', '0::ffff:127.0.0.1'],
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1', '192.0.2.1'],
  ].entries()) {
    const wire = comes(it, from ?? '', `WEBIRC secret parley h ${named}`, ...registers(`n${n}`));
    assert.match((await wire.reads())[0] ?? '', / 001 /, named);
  }
});

test('perAddress counts an IPv6 address by its /64, however it is written', async (t) => {
  const it = await house(t, { limits: { ...limits, clients: 1000, perAddress: 2 } });
  assert.equal(comes(it, '2001:db8::1').open, true);
  const second = comes(it, '2001:db8:0:0:5:6:7:8');
  assert.equal(second.open, true);
  const third = comes(it, '2001:DB8::ffff');
  assert.match((await third.reads())[0] ?? '', /Too many connections from your address/);
  assert.equal(comes(it, '2001:db8:0:1::1').open, true);
  second.destroy();
  assert.equal(comes(it, '2001:db8::2').open, true);
});
