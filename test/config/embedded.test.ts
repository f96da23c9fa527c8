/** The section of the built-in IRC server, and the run without a file. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { defaultConfig } from '../../src/config/default.ts';
import { faults, GOOD, parse } from './good.ts';

const EMBEDDED = GOOD.replace('irc://127.0.0.1:6667', 'embedded');

test('a network that names it starts it, with all defaults', () => {
  const { config, warnings } = parse(EMBEDDED);
  assert.deepEqual(config.embedded, {
    listen: [{ scheme: 'irc', host: '127.0.0.1', port: 6667 }],
    name: 'irc.parley.localhost',
    network: 'Parley',
    motd: null,
    state: null,
    password: null,
    accounts: new Map(),
    operators: new Map(),
    limits: { clients: 1024, perAddress: 16, channels: 50, sendQueue: 1048576 },
  });
  const network = config.networks.get('local');
  assert.equal(network?.embedded, true);
  assert.deepEqual(network?.servers, []);
  assert.deepEqual(warnings, []);
});

test('its keys can be set, secrets and maps by variables too', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const motd = join(folder, 'motd.txt');
  writeFileSync(motd, 'Welcome.\r\nBe kind.\n');
  const { config } = parse(
    `${EMBEDDED}embedded: { listen: ["irc://127.0.0.1:0"], name: irc.example.com, network: Example, motd: ${motd}, state: channels.json, accounts: { ann: secret }, limits: { clients: 9 } }\n`,
    { PARLEY_EMBEDDED_PASSWORD: 'door', PARLEY_EMBEDDED_OPERATORS: '{"root":"word"}' },
  );
  assert.deepEqual(config.embedded, {
    listen: [{ scheme: 'irc', host: '127.0.0.1', port: 0 }],
    name: 'irc.example.com',
    network: 'Example',
    motd: ['Welcome.', 'Be kind.'],
    state: 'channels.json',
    password: 'door',
    accounts: new Map([['ann', 'secret']]),
    operators: new Map([['root', 'word']]),
    limits: { clients: 9, perAddress: 16, channels: 50, sendQueue: 1048576 },
  });
});

test('what cannot be is told with its key', () => {
  const table: readonly [string, RegExp][] = [
    ['embedded: { listen: [] }', /embedded\.listen: must name at least one listener/],
    ['embedded: { listen: [tcp://127.0.0.1:1] }', /embedded\.listen\[1\]: must be a URL like irc:\/\//],
    ['embedded: { listen: [ircs://127.0.0.1:6697] }', /embedded\.listen: must have an irc:\/\/ URL/],
    [
      'embedded: { listen: [irc://127.0.0.1:2855] }',
      /embedded\.listen\[1\]: .* is taken by msrp\.listen already/,
    ],
    [
      'embedded: { listen: [irc://127.0.0.1:6667, ircs://127.0.0.1:6697] }',
      /tls\.cert: must be set where embedded\.listen has an ircs:\/\/ URL/,
    ],
    ['embedded: { name: nodots }', /embedded\.name: must be a name with a dot in it/],
    ['embedded: { network: a b }', /embedded\.network: must be text without spaces/],
    ['embedded: { motd: /nowhere/motd }', /embedded\.motd: .* there is no such file/],
    ['embedded: { accounts: [a] }', /embedded\.accounts: must be a map of names to texts/],
    ['embedded: { operators: { root: 5 } }', /embedded\.operators: must be a map of names to texts/],
    ['embedded: { limits: { clients: 0 } }', /embedded\.limits\.clients: must be a whole number/],
    ['embedded: { limit: 5 }', /embedded\.limit: is not a known key/],
  ];
  for (const [line, fault] of table) {
    const found = faults(`${EMBEDDED}${line}\n`);
    assert.ok(
      found.some((each) => fault.test(each)),
      `${line}: ${found.join(' / ')}`,
    );
  }
  const mixed = GOOD.replace('irc://127.0.0.1:6667', 'embedded, irc://127.0.0.1:6667');
  assert.deepEqual(faults(mixed), [
    '5 networks.local.servers: embedded must stand alone: it is a network of its own',
  ]);
});

test('its ports are taken only where it runs', () => {
  assert.deepEqual(faults(`${GOOD}embedded: { listen: [irc://127.0.0.1:2855] }\n`), []);
});

test('without a file: the built-in server, the network local, the room lobby on #lobby, all on loopback', () => {
  const { config, warnings } = defaultConfig({});
  assert.deepEqual([...config.networks.keys()], ['local']);
  assert.equal(config.rooms.get('lobby')?.channel, '#lobby');
  assert.equal(config.rooms.get('lobby')?.network, 'local');
  const { sip, msrp, embedded, http } = config;
  const places = [...sip.listen, ...msrp.listen, ...(embedded?.listen ?? []), ...(http ? [http.listen] : [])];
  assert.deepEqual(
    places.map(({ host, port }) => `${host}:${port}`),
    ['127.0.0.1:5060', '127.0.0.1:5060', '127.0.0.1:2855', '127.0.0.1:6667', '127.0.0.1:8080'],
  );
  assert.deepEqual(warnings, []);
});
