/** Devices that list no type of text: nobody asks for them to be told (RFC 7701 section 6.1), and they are. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Log, silentLog } from '../../src/common/log.ts';
import { textContent } from '../../src/room/content.ts';
import { header } from '../naive/sip-message.ts';
import { stage } from './stage.ts';

/** What was warned of. */
function warnings(): { log: Log; told: object[] } {
  const told: object[] = [];
  const log: Log = { ...silentLog, warn: (facts) => told.push(facts), child: () => log };
  return { log, told };
}

test('checklist 58: who takes no text is told in the 200, the operator in the log, and each once', async (t) => {
  const { log, told } = warnings();
  const { joins, lobby } = await stage(t, { log });
  const bob = await joins('bob');
  assert.equal(header(bob.answer, 'warning'), '');
  const blind = await joins('blind', { wrapped: 'image/png' });
  assert.equal(
    header(blind.answer, 'warning'),
    '399 chat.example.com "what is said here cannot be sent to you: you list neither text/plain nor text/html"',
  );
  await blind.call.again(blind.phone.sdp);
  assert.deepEqual(
    told.map((facts) => ({ ...facts, endpoint: '' })),
    [{ address: blind.address, endpoint: '', types: ['image/png'] }],
  );
  // It sees pictures, and may speak.
  await bob.says('a picture', { content: 'image/png' });
  await blind.hears('a picture', { type: 'image/png' });
  await blind.says('lovely');
  await bob.hears('lovely');
  // Who writes to it in private is told, on either side.
  await bob.whispers(blind.address, 'can you read?', { expect: 415 });
  const unheard: unknown[] = [];
  lobby.answers = (effect) => unheard.push(effect);
  const content = textContent({ action: false, lines: [[{ text: 'can you?', style: {} }]] });
  lobby.loop.push({ type: 'whispered', from: 'ann+local', nick: 'ann', to: blind.address, content, at: 0 });
  assert.deepEqual(unheard, [{ type: 'unheard', participant: blind.address, from: 'ann+local' }]);
  // Now it reads, and then no more.
  const reading = blind.phone.sdp.replace('image/png', 'image/png text/plain');
  await blind.call.again(reading);
  await bob.says('and now?');
  await blind.hears('and now?');
  await blind.call.again(blind.phone.sdp);
  assert.equal(told.length, 2);
});

test('who takes HTML only misses nothing of what IRC says, nor of what the room says', async (t) => {
  const { log, told } = warnings();
  const { joins, lobby } = await stage(t, { log });
  const rich = await joins('rich', { wrapped: 'text/html' });
  assert.equal(header(rich.answer, 'warning'), '');
  const content = textContent({ action: false, lines: [[{ text: '<hello>', style: { italic: true } }]] });
  lobby.loop.push({ type: 'heard', from: 'ann+local', nick: 'ann', content, at: 0 });
  await rich.hears('<html><body><i>&#60;hello&#62;</i></body></html>', { type: 'text/html' });
  lobby.loop.push({ type: 'whispered', from: 'ann+local', nick: 'ann', to: rich.address, content, at: 0 });
  await rich.hears('<html><body><i>&#60;hello&#62;</i></body></html>', { to: rich.address });
  assert.equal(told.length, 0);
});
