/** SIP by other hands: what sipp makes of the program. */
import assert from 'node:assert/strict';
import { sipp } from '../support/sipp.ts';
import { story } from './scene.ts';

const room = 'lobby';

story('sipp: five people join over UDP and leave', async ({ ann, parley }, t) => {
  const target = `127.0.0.1:${parley.sip.port}`;
  const outcome = await sipp(t, {
    scenario: 'join-leave',
    target,
    service: room,
    calls: 5,
    rate: 5,
    keys: { user: 'sip' },
  });
  assert.equal(outcome.status, 0, outcome.errors);
  for (let i = 0; i < 5; i += 1) await ann.sees({ command: 'QUIT' });
  assert.deepEqual([...(await ann.names('#lobby')).keys()].sort(), ['ann', 'parley']);
});

story('sipp: a late copy of the INVITE makes no second session', async ({ ann, parley }, t) => {
  const target = `127.0.0.1:${parley.sip.port}`;
  const outcome = await sipp(t, {
    scenario: 'repeated-invite',
    target,
    service: room,
    keys: { user: 'twice' },
  });
  assert.equal(outcome.status, 0, outcome.errors);
  await ann.sees({ command: 'QUIT' });
  const joins = ann.lines.filter(({ command, from }) => command === 'JOIN' && from.startsWith('twice'));
  assert.equal(joins.length, 1);
});

story('sipp: CANCEL while IRC lets it wait', async ({ server, parley }, t) => {
  server.freeze();
  const target = `127.0.0.1:${parley.sip.port}`;
  const outcome = await sipp(t, { scenario: 'join-cancel', target, service: room, keys: { user: 'gone' } });
  assert.equal(outcome.status, 0, outcome.errors);
});

story('sipp: OPTIONS to a room', async ({ parley }, t) => {
  const target = `127.0.0.1:${parley.sip.port}`;
  const outcome = await sipp(t, {
    scenario: 'options',
    target,
    service: room,
    calls: 3,
    keys: { user: 'asks' },
  });
  assert.equal(outcome.status, 0, outcome.errors);
});
