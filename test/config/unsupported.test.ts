/** Keys whose feature is not built: refused unless they have their default. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Members } from '../../src/config/key.ts';
import { schema } from '../../src/config/schema.ts';
import { faults, GOOD } from './good.ts';

const NETWORK = GOOD.replace('[irc://127.0.0.1:6667]', '[irc://127.0.0.1:6667]\n    ');

/** The key path, and a value that is not its default. */
const REFUSED: readonly [path: string, value: string][] = [
  ['sip.proxy', 'sip:10.0.0.1;lr'],
  ['sip.trustedPeers', '[10.0.0.0/8]'],
  ['sip.register', '{ registrar: sip:r.test, user: u, password: p }'],
  ['sip.auth.required', 'true'],
  ['sip.auth.realm', 'r'],
  ['sip.auth.users', '{ a: b }'],
  ['sip.auth.usersFile', 'users.yaml'],
  ['networks.local.accounts', '{ "sip:a@b": { account: a, password: b } }'],
  ['networks.local.sasl.external', '{ cert: c, key: k }'],
  ['networks.local.sourcePrefix', '2001:db8::/64'],
  ['networks.local.anyChannel', 'true'],
  ['rooms.lobby.roster', 'sip-only'],
  ['rooms.lobby.commands', 'true'],
  ['ident.listen', 'tcp://127.0.0.1:113'],
  ['http.password', 'p'],
];

/** A flow-style file with the good network and room and one key more. */
function withKey(path: string, value: string): string {
  const steps = path.split('.');
  const inside = (prefix: string): string => {
    if (!path.startsWith(`${prefix}.`)) return '';
    const rest = steps.slice(prefix.split('.').length);
    return rest.reduceRight(
      (inner, step, at) => `${step}: ${at === rest.length - 1 ? inner : `{ ${inner} }`}`,
      value,
    );
  };
  const network = [inside('networks.local'), 'servers: [irc://h]'].filter((part) => part !== '');
  const room = [inside('rooms.lobby'), 'network: local', 'channel: "#lobby"'].filter((part) => part !== '');
  const own = /^(networks|rooms)\./.test(path) ? '' : `${steps[0]}: { ${inside(steps[0] ?? '')} }\n`;
  return `networks: { local: { ${network.join(', ')} } }\nrooms: { lobby: { ${room.join(', ')} } }\n${own}`;
}

for (const [path, value] of REFUSED) {
  test(`${path} is not supported yet`, () => {
    assert.deepEqual(
      faults(withKey(path, value)).map((fault) => fault.slice(2)),
      [`${path}: not supported yet`],
    );
  });
}

test('every key that the schema calls unsupported is in the table', () => {
  const marked = (members: Members, path: string): string[] =>
    Object.entries(members).flatMap(([name, node]) => {
      const at = path === '' ? name : `${path}.${name}`;
      if (node.kind === 'key' || (node.kind === 'optional' && node.unsupported))
        return node.unsupported ? [at] : [];
      return marked(node.members, node.kind === 'entries' ? `${at}.${node.placeholder}` : at);
    });
  const paths = marked(schema, '').map((path) => path.replace('NETWORK', 'local').replace('ROOM', 'lobby'));
  assert.deepEqual(paths.sort(), REFUSED.map(([path]) => path).sort());
});

test('their defaults may be written down', () => {
  const defaults = `sip: { proxy: null, trustedPeers: [], register: null, auth: { required: false, realm: null, users: {} } }
tls: { cert: null, key: null, ca: null }
networks: { local: { servers: [irc://h], sasl: null, accounts: {}, webirc: null, sourcePrefix: null, anyChannel: false, ignore: [], encoding: null } }
rooms: { lobby: { network: local, channel: "#lobby", roster: auto, commands: false } }
embedded: { listen: [irc://127.0.0.1:6667], name: irc.parley.localhost, network: Parley, motd: null, state: null, password: null, accounts: {}, operators: {}, limits: { clients: 1024, perAddress: 16, channels: 50, sendQueue: 1048576 } }
ident: { listen: null }
http: { password: null, origins: [] }
`;
  assert.deepEqual(faults(defaults), []);
});

test('an environment variable does not get round it', () => {
  assert.deepEqual(faults(NETWORK, { PARLEY_NETWORKS_LOCAL_ANYCHANNEL: 'true' }), [
    '- networks.local.anyChannel: not supported yet (from PARLEY_NETWORKS_LOCAL_ANYCHANNEL)',
  ]);
  assert.deepEqual(faults(GOOD, { PARLEY_ROOMS_LOBBY_ROSTER: 'all' }), [
    '- rooms.lobby.roster: not supported yet (from PARLEY_ROOMS_LOBBY_ROSTER)',
  ]);
});
