/** The keys of `embedded`: the built-in IRC server. */
import { count, filledText, list, textLike, texts } from './formats.ts';
import { group, key, nullable } from './key.ts';

const serverName = textLike(
  'IRC server name',
  /^(?=.{1,63}$)[A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9][A-Za-z0-9-]*)+$/,
  'must be a name with a dot in it, of letters, digits and -, with 63 characters at most',
);
const networkName = textLike(
  'text without spaces, 1 to 63 characters',
  /^[^\s\p{Cc}]{1,63}$/u,
  'must be text without spaces, of 63 characters at most',
);

export const embedded = group(
  'The built-in IRC server. It runs where a network names it: `servers: [embedded]`.',
  {
    listen: key(list, {
      doc: 'Where it is heard: irc:// and, with the certificate of `tls`, ircs:// URLs. Default ports 6667 and 6697; port 0 takes a free one. One of them must be irc://: Parley itself comes that way.',
      default: ['irc://127.0.0.1:6667'],
    }),
    name: key(serverName, { doc: "The server's name in prefixes.", default: 'irc.parley.localhost' }),
    network: key(networkName, {
      doc: 'What the network calls itself: NETWORK in ISUPPORT.',
      default: 'Parley',
    }),
    motd: nullable(filledText, { doc: 'A text file: the message of the day.', default: null }),
    state: nullable(filledText, {
      doc: 'A file that keeps channels with their topics, modes, lists and operators over restarts. null: nothing is kept.',
      default: null,
    }),
    password: nullable(filledText, {
      doc: 'The password (PASS) that every client must give.',
      default: null,
      sensitive: true,
    }),
    accounts: key(texts, {
      doc: 'account: password, for the login by SASL PLAIN (over TLS or loopback).',
      default: new Map(),
      sensitive: true,
    }),
    operators: key(texts, { doc: 'name: password, for OPER.', default: new Map(), sensitive: true }),
    limits: group('Limits of the built-in server.', {
      clients: key(count(1, 1000000), {
        doc: 'Clients in all. Connections that have not logged in are counted apart; SIP participants find a tenth more room.',
        default: 1024,
      }),
      perAddress: key(count(1, 1000000), {
        doc: 'Connections of one address; of a SIP participant it is the address that it calls from.',
        default: 16,
      }),
      channels: key(count(1, 1000000), { doc: 'Channels of one client.', default: 50 }),
      sendQueue: key(count(65536, 1073741824), {
        doc: 'Bytes that may wait for one client; one that does not read them is closed.',
        default: 1048576,
      }),
    }),
  },
);
