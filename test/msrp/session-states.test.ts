import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type SessionInput, type SessionState, step } from '../../src/msrp/session-states.ts';

/** Plays inputs and writes down what happened. */
function play(...inputs: SessionInput[]): string[] {
  let state: SessionState = { name: 'waiting' };
  return inputs.map((input) => {
    const next = step(state, input);
    state = next.state;
    const name = state.name === 'closed' ? `closed(${state.reason})` : state.name;
    return [`${input} -> ${name}`, ...next.actions].join(', ');
  });
}

test('a session that the peer binds', () => {
  assert.deepEqual(play('bound', 'bound', 'end', 'end'), [
    'bound -> open, tell-opened',
    'bound -> open',
    'end -> closed(ended), drain, tell-closed',
    'end -> closed(ended)',
  ]);
});

test('a session that we dial', () => {
  assert.deepEqual(play('dialled', 'answered', 'lost'), [
    'dialled -> greeting, greet',
    'answered -> open, tell-opened',
    'lost -> closed(connection-lost), drop, tell-closed',
  ]);
});

test('sessions that never open', () => {
  const never = 'closed(never-connected), drop, tell-closed';
  assert.deepEqual(play('expired'), [`expired -> ${never}`]);
  assert.deepEqual(play('distrusted'), ['distrusted -> closed(untrusted), drop, tell-closed']);
  assert.deepEqual(play('dialled', 'expired').at(-1), `expired -> ${never}`);
  assert.deepEqual(play('dialled', 'lost').at(-1), `lost -> ${never}`);
  assert.deepEqual(play('dialled', 'refused').at(-1), 'refused -> closed(refused), drop, tell-closed');
});

test('whatever happens, opened is told at most once and before closed, closed at most once and nothing after it', () => {
  const inputs = fc.constantFrom<SessionInput>(
    'bound',
    'dialled',
    'answered',
    'refused',
    'undelivered',
    'harmless',
    'distrusted',
    'expired',
    'lost',
    'overflowed',
    'end',
  );
  fc.assert(
    fc.property(fc.array(inputs, { maxLength: 20 }), (sequence) => {
      let state: SessionState = { name: 'waiting' };
      const told = sequence.flatMap((input) => {
        const next = step(state, input);
        state = next.state;
        return next.actions.filter((action) => action.startsWith('tell'));
      });
      assert.ok(['', 'tell-opened', 'tell-closed', 'tell-opened,tell-closed'].includes(told.join()));
    }),
  );
});
