/** What a server's numerics mean to a room (research: mapping, table 3). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusalOf, refuses, type Asked } from '../../src/network/refusals.ts';
import { outcomeText } from './talk.ts';

const ROWS: Readonly<Record<Asked, Readonly<Record<string, string>>>> = {
  join: {
    '403': 'no-room',
    '405': 'full',
    '437': 'unavailable',
    '465': 'banned',
    '470': 'forbidden',
    '471': 'full',
    '473': 'closed',
    '474': 'banned',
    '475': 'closed',
    '476': 'no-room',
    '477': 'closed',
    '489': 'closed',
    '520': 'closed',
  },
  'channel-message': { '403': 'no-room', '404': 'muted', '439': 'too-many', '442': 'muted', '477': 'muted' },
  'private-message': {
    '401': 'nobody',
    '404': 'no-private',
    '477': 'no-private',
    '486': 'no-private',
    '531': 'no-private',
    '716': 'no-private',
    '717': 'no-private',
  },
  nick: {
    '431': 'nickname-malformed',
    '432': 'nickname-malformed',
    '433': 'nickname-in-use',
    '436': 'nickname-in-use',
    '437': 'nickname-in-use',
    '438': 'nickname-in-use',
    '447': 'nickname-in-use',
  },
};

for (const [asked, rows] of Object.entries(ROWS) as [Asked, Record<string, string>][]) {
  test(asked, () => {
    for (const [numeric, refusal] of Object.entries(rows)) {
      assert.ok(refuses(asked, numeric), numeric);
      assert.equal(outcomeText(refusalOf(asked, numeric, 'no')), `${refusal}: IRC says: no`, numeric);
    }
    for (const numeric of ['421', '461', 'FAIL X', 'constructor', ''])
      assert.equal(refuses(asked, numeric), false);
    assert.equal(outcomeText(refusalOf(asked, 'FAIL X', '')), 'forbidden: IRC says: FAIL X');
  });
}
