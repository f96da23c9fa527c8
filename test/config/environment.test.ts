/** Keys from environment variables. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { faults, GOOD, parse } from './good.ts';

test('a variable wins over the file', () => {
  const text = GOOD.replace('sip:', 'sip:\n  domain: file.test');
  assert.equal(parse(text, { PARLEY_SIP_DOMAIN: 'env.test' }).config.sip.domain, 'env.test');
});

test('each kind of value can come from a variable', () => {
  const { config, warnings } = parse(GOOD, {
    PARLEY_SIP_LISTEN: 'udp://127.0.0.1:1, tcp://127.0.0.1:2',
    PARLEY_MSRP_MAXMESSAGESIZE: '5000',
    PARLEY_NETWORKS_LOCAL_PASSWORD: '12345',
    PARLEY_NETWORKS_LOCAL_PUPPETS: 'false',
    PARLEY_NETWORKS_LOCAL_PACE_PERSECOND: '0.5',
    PARLEY_NETWORKS_LOCAL_SASL_ACCOUNT: 'a',
    PARLEY_NETWORKS_LOCAL_SASL_PASSWORD: 'b',
    PARLEY_ROOMS_LOBBY_DENY: '*@a.test,*@b.test',
    PARLEY_HTTP: 'null',
  });
  assert.deepEqual(warnings, []);
  assert.deepEqual(config.sip.listen, [
    { scheme: 'udp', host: '127.0.0.1', port: 1 },
    { scheme: 'tcp', host: '127.0.0.1', port: 2 },
  ]);
  assert.equal(config.msrp.maxMessageSize, 5000);
  const local = config.networks.get('local');
  assert.equal(local?.password, '12345');
  assert.equal(local?.puppets, false);
  assert.deepEqual(local?.pace, { burst: 5, perSecond: 0.5 });
  assert.deepEqual(local?.sasl, { account: 'a', password: 'b' });
  assert.deepEqual(config.rooms.get('lobby')?.deny, ['*@a.test', '*@b.test']);
  assert.equal(config.http, null);
});

test('names of entries are in capitals, with - and . as _', () => {
  const text = GOOD.replace('local:', 'Libera.Chat-2:').replace('network: local', 'network: Libera.Chat-2');
  const { config } = parse(text, { PARLEY_NETWORKS_LIBERA_CHAT_2_NICK: 'bridge' });
  assert.equal(config.networks.get('Libera.Chat-2')?.nick, 'bridge');
});

test('an empty variable is null where the key may be null', () => {
  const text = `${GOOD}    key: secret\n`;
  assert.equal(parse(text, { PARLEY_ROOMS_LOBBY_KEY: '' }).config.rooms.get('lobby')?.key, null);
});

test('a fault of a variable names it, and no line', () => {
  assert.deepEqual(faults(GOOD, { PARLEY_ROOMS_LOBBY_MAXLINES: 'many' }), [
    '- rooms.lobby.maxLines: must be a whole number, 1 to 10000: value was "many" (from PARLEY_ROOMS_LOBBY_MAXLINES)',
  ]);
  assert.match(
    faults(GOOD, { PARLEY_SIP_LISTEN: 'udp://127.0.0.1,bad' }).join(),
    /^- sip\.listen\[2\]: .* \(from PARLEY_SIP_LISTEN\)$/,
  );
  assert.match(
    faults(GOOD, { PARLEY_ROOMS_LOBBY_NICKNAMES: 'yes' }).join(),
    /nicknames: must be true or false/,
  );
});

test('a variable that means no key is a warning', () => {
  const { warnings } = parse(GOOD, { PARLEY_SIP_DOMIAN: 'x', PARLEY_NETWORKS_OTHER_NICK: 'x', OTHER: 'x' });
  assert.deepEqual(
    warnings.map((warning) => warning.split(':')[0]),
    ['PARLEY_NETWORKS_OTHER_NICK', 'PARLEY_SIP_DOMIAN'],
  );
});

test('a variable that two keys claim is an error, so that no secret goes astray', () => {
  const text = GOOD.replace(
    '  local:',
    '  a-b: { servers: [irc://h] }\n  a.b: { servers: [irc://h] }\n  local:',
  );
  assert.match(
    faults(text, { PARLEY_NETWORKS_A_B_PASSWORD: 'x' }).join(),
    /networks\.a\.b\.password: PARLEY_NETWORKS_A_B_PASSWORD means networks\.a-b\.password too/,
  );
});

test('a secret can be in a file that a variable names', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'password');
  writeFileSync(file, 'open sesame\n');
  const env = { PARLEY_NETWORKS_LOCAL_PASSWORD_FILE: file };
  const { config, warnings } = parse(GOOD, env);
  assert.equal(config.networks.get('local')?.password, 'open sesame');
  assert.deepEqual(warnings, []);
  assert.match(
    faults(GOOD, { ...env, PARLEY_NETWORKS_LOCAL_PASSWORD: 'x' }).join(),
    /networks\.local\.password: is set by PARLEY_NETWORKS_LOCAL_PASSWORD and by PARLEY_NETWORKS_LOCAL_PASSWORD_FILE/,
  );
  assert.match(
    faults(GOOD, { PARLEY_NETWORKS_LOCAL_PASSWORD_FILE: `${file}.gone` }).join(),
    /^- networks\.local\.password: .*password\.gone cannot be read: there is no such file/,
  );
});

test('what is no secret has no variable for a file', () => {
  assert.match(parse(GOOD, { PARLEY_SIP_DOMAIN_FILE: '/x' }).warnings.join(), /^PARLEY_SIP_DOMAIN_FILE/);
});
