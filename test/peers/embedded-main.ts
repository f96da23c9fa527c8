/** The built-in IRC server as a process of its own, to be killed, stopped and frozen like the others. */
import { systemClock } from '../../src/common/clock.ts';
import { silentLog } from '../../src/common/log.ts';
import { IrcServer } from '../../src/irc/server/server.ts';
import { listenTcp } from '../../src/transport/tcp.ts';
import { listenTls } from '../../src/transport/tls.ts';
import { operator, type IrcServerPlace } from './irc-server-options.ts';

const place = JSON.parse(process.argv[2] ?? '{}') as IrcServerPlace & {
  readonly pems: { readonly cert: string; readonly key: string } | undefined;
};
const server = new IrcServer({
  name: 'embedded.test',
  network: 'Test',
  version: 'test',
  motd: undefined,
  password: place.password,
  accounts: new Map(),
  operators: new Map((place.opers ?? [operator]).map(({ name, password }) => [name, password])),
  webirc: new Map(place.webirc === undefined ? [] : [[place.webirc, 'gateway']]),
  limits: { clients: 10_000, perAddress: place.maxPerAddress ?? 10_000, channels: 100, sendQueue: 1_048_576 },
  clock: systemClock,
  log: silentLog,
  state: undefined,
});
await listenTcp({ host: '127.0.0.1', port: place.port }, (connection) => server.accept(connection, false));
if (place.tlsPort !== undefined && place.pems) {
  const secure = { host: '127.0.0.1', port: place.tlsPort };
  await listenTls(secure, place.pems, (connection) => server.accept(connection, true));
}
process.once('SIGTERM', () => void server.close('shutting down').then(() => process.exit(0)));
