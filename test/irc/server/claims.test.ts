/** Everything that the server claims stands in a conversation: each command, numeric, capability and token. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CAPABILITIES } from '../../../src/irc/server/capability-names.ts';
import { commandTable } from '../../../src/irc/server/commands.ts';
import { numericCodes } from '../../../src/irc/server/replies.ts';

const folder = join('test', 'irc', 'server');
const told = readdirSync(folder)
  .filter((name) => name.endsWith('.test.ts') && !/^(?:claims|laws|torture)/.test(name))
  .map((name) => readFileSync(join(folder, name), 'utf8'))
  .join('\n');

test('every command is in a conversation', () => {
  const missing = [...commandTable(() => {}).keys()].filter(
    (name) => !new RegExp(`\\b${name}\\b`).test(told),
  );
  assert.deepEqual(missing, []);
});

test('every numeric is in a conversation', () => {
  const missing = numericCodes().filter((code) => !new RegExp(`\\b${code}\\b`).test(told));
  assert.deepEqual(missing, []);
});

test('every capability is in a conversation', () => {
  const missing = CAPABILITIES.filter(
    (name) => told.split(`'${name}'`).length < 2 && !told.includes(`${name} `),
  );
  assert.deepEqual(missing, []);
});
