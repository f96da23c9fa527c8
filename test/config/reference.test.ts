/** The documentation is under test. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Key, Members } from '../../src/config/key.ts';
import { exampleConfig, packageFolder } from '../../src/config/package.ts';
import { referenceText } from '../../src/config/reference.ts';
import { schema } from '../../src/config/schema.ts';
import { parse } from './good.ts';

function keys(members: Members, path = ''): [string, Key<unknown>][] {
  return Object.entries(members).flatMap(([name, node]): [string, Key<unknown>][] =>
    node.kind === 'key' ? [[path + name, node]] : keys(node.members, `${path}${name}.`),
  );
}

test('config/reference.md is what the schema says (npm run reference writes it)', () => {
  const stored = readFileSync(join(packageFolder(), 'config', 'reference.md'), 'utf8');
  assert.equal(stored, referenceText());
});

test('every key has a description that is a sentence of its own', () => {
  const all = keys(schema);
  assert.ok(all.length > 60, `${all.length} keys`);
  for (const [path, { doc }] of all) assert.ok(doc.trim().length > 3, path);
});

test('every key is in the reference', () => {
  const text = referenceText();
  for (const [path] of keys(schema)) {
    const full = path.replace(/^networks\./, 'networks.NETWORK.').replace(/^rooms\./, 'rooms.ROOM.');
    assert.ok(text.includes(`**\`${full}\`**`), full);
  }
});

test('passwords and keys are secrets', () => {
  for (const [path, { sensitive }] of keys(schema)) {
    if (/(password|users|accounts|operators)$|^rooms\.key$/.test(path)) assert.equal(sensitive, true, path);
  }
});

test('the example is right, without a warning, and its values are the defaults', () => {
  const { config, warnings } = parse(exampleConfig());
  assert.deepEqual(warnings, []);
  assert.deepEqual([...config.rooms.keys()], ['lobby']);
  assert.deepEqual(config, parse(shortest).config);
});

const shortest = `
networks: { local: { servers: [embedded] } }
rooms: { lobby: { network: local, channel: '#lobby' } }
`;

test('what the example has commented out is right too', () => {
  const text = exampleConfig()
    // A file that is not there would be a fault.
    .replace(/^ +# motd:.*\n/m, '')
    .replace(/^( +)# (?=\w+: )/gm, '$1')
    .replace(/^#(?= {2,}\w+:)/gm, '');
  const { config } = parse(text);
  assert.equal(config.sip.domain, 'chat.example.com');
  assert.deepEqual([...config.rooms.keys()], ['lobby', 'tea']);
});
