import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClientReliability } from '../../src/sip/client-reliability.ts';
import { ServerReliability } from '../../src/sip/server-reliability.ts';
import { FakeClock } from '../support/fake-clock.ts';

/** Seconds after the start at which something was sent. */
function recorder(clock: FakeClock) {
  const start = clock.now();
  const times: number[] = [];
  return { times, send: () => void times.push((clock.now() - start) / 1000) };
}

function client() {
  const clock = new FakeClock();
  const { times, send } = recorder(clock);
  return { clock, times, send, reliability: new ClientReliability(clock) };
}

function server() {
  const clock = new FakeClock();
  const { times, send } = recorder(clock);
  return { clock, times, send, reliability: new ServerReliability(clock) };
}

test('timer A: an INVITE is sent again at doubling intervals until 32 s are over', () => {
  const { clock, times, send, reliability } = client();
  reliability.requestSent('b', 'INVITE', send);
  clock.advance(100_000);
  assert.deepEqual(times, [0.5, 1.5, 3.5, 7.5, 15.5, 31.5]);
  assert.equal(reliability.size, 0);
});

test('timer E: another request is sent again at doubling intervals of at most 4 s', () => {
  const { clock, times, send, reliability } = client();
  reliability.requestSent('b', 'BYE', send);
  clock.advance(100_000);
  assert.deepEqual(times, [0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]);
  assert.equal(reliability.size, 0);
});

test('a provisional answer stops the INVITE and slows the others', () => {
  const invite = client();
  invite.reliability.requestSent('b', 'INVITE', invite.send);
  assert.equal(invite.reliability.responseReceived('b', 'INVITE', 100), true);
  invite.clock.advance(60_000);
  assert.deepEqual(invite.times, []);
  assert.equal(invite.reliability.size, 1);
  invite.clock.advance(600_000);
  assert.equal(invite.reliability.size, 0);
  const bye = client();
  bye.reliability.requestSent('b', 'BYE', bye.send);
  assert.equal(bye.reliability.responseReceived('b', 'BYE', 100), true);
  bye.clock.advance(10_000);
  assert.deepEqual(bye.times, [0.5, 4.5, 8.5]);
});

test('window K: the final answer is told once, and forgotten after 5 s', () => {
  const { clock, times, send, reliability } = client();
  reliability.requestSent('b', 'NOTIFY', send);
  assert.equal(reliability.responseReceived('b', 'NOTIFY', 200), true);
  assert.equal(reliability.responseReceived('b', 'NOTIFY', 200), false);
  clock.advance(5_000);
  assert.equal(reliability.size, 0);
  assert.deepEqual(times, []);
});

test('window D: a refusal of an INVITE that comes again is acknowledged again, for 32 s', () => {
  const { clock, send, reliability } = client();
  const acks = recorder(clock);
  reliability.requestSent('b', 'INVITE', send);
  assert.equal(reliability.responseReceived('b', 'INVITE', 486), true);
  reliability.requestSent('b', 'ACK', acks.send);
  clock.advance(1_000);
  assert.equal(reliability.responseReceived('b', 'INVITE', 486), false);
  assert.equal(reliability.responseReceived('b', 'INVITE', 180), false);
  assert.deepEqual(acks.times, [1]);
  clock.advance(31_000);
  assert.equal(reliability.size, 0);
});

test('the 2xx to an INVITE and its ACK are left to sip.js', () => {
  const { clock, times, send, reliability } = client();
  reliability.requestSent('b', 'INVITE', send);
  assert.equal(reliability.responseReceived('b', 'INVITE', 200), true);
  assert.equal(reliability.responseReceived('b', 'INVITE', 200), true);
  reliability.requestSent('c', 'ACK', send);
  clock.advance(60_000);
  assert.deepEqual(times, []);
  assert.equal(reliability.size, 0);
});

test('a CANCEL has the branch of its INVITE and a life of its own', () => {
  const { clock, times, send, reliability } = client();
  reliability.requestSent('b', 'INVITE', () => {});
  reliability.responseReceived('b', 'INVITE', 180);
  reliability.requestSent('b', 'CANCEL', send);
  clock.advance(500);
  assert.equal(reliability.responseReceived('b', 'CANCEL', 200), true);
  assert.equal(reliability.responseReceived('b', 'INVITE', 487), true);
  assert.deepEqual(times, [0.5]);
});

test('timer G: a refused INVITE is refused again until its ACK comes', () => {
  const { clock, times, send, reliability } = server();
  assert.equal(reliability.requestReceived('k', 'INVITE'), false);
  reliability.responseSent('k', 'INVITE', 100, () => {});
  reliability.responseSent('k', 'INVITE', 486, send);
  clock.advance(8_000);
  assert.deepEqual(times, [0.5, 1.5, 3.5, 7.5]);
  assert.equal(reliability.requestReceived('k', 'ACK'), false);
  clock.advance(20_000);
  assert.equal(times.length, 4);
  clock.advance(4_000);
  assert.equal(reliability.size, 0);
});

test('timer G ends with timer H, without an ACK', () => {
  const { clock, times, send, reliability } = server();
  reliability.requestReceived('k', 'INVITE');
  reliability.responseSent('k', 'INVITE', 486, send);
  clock.advance(100_000);
  assert.equal(times.at(-1), 31.5);
  assert.equal(reliability.size, 0);
  assert.equal(clock.pending, 0);
});

test('window J: a request that comes again is answered as before for 32 s, and is none after that', () => {
  const { clock, times, send, reliability } = server();
  assert.equal(reliability.requestReceived('k', 'BYE'), false);
  assert.equal(reliability.requestReceived('k', 'BYE'), true);
  reliability.responseSent('k', 'BYE', 200, send);
  reliability.responseSent('k', 'BYE', 500, () => assert.fail('the first answer stands'));
  clock.advance(10_000);
  assert.equal(reliability.requestReceived('k', 'BYE'), true);
  assert.deepEqual(times, [10]);
  clock.advance(22_000);
  assert.equal(reliability.requestReceived('k', 'BYE'), false);
});

test('a CANCEL does not pass for its INVITE that has come again', () => {
  const { reliability } = server();
  assert.equal(reliability.requestReceived('k', 'INVITE'), false);
  assert.equal(reliability.requestReceived('k', 'CANCEL'), false);
  assert.equal(reliability.requestReceived('k', 'CANCEL'), true);
});

test('what is remembered is bounded', () => {
  const { clock, reliability } = server();
  for (let i = 0; i < 20_100; i++) reliability.requestReceived(`k${i}`, 'OPTIONS');
  assert.equal(reliability.size, 20_000);
  assert.equal(reliability.requestReceived('k0', 'OPTIONS'), false);
  assert.equal(reliability.requestReceived('k20099', 'OPTIONS'), true);
  reliability.close();
  assert.equal(reliability.size, 0);
  assert.equal(clock.pending, 0);
});
