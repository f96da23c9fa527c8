/** Every key of the configuration. `config/reference.md` is written from it. */
import { choice, count, filledText, list, map } from './formats.ts';
import { group, key, nullable, optional, type Values } from './key.ts';
import { networks, rooms } from './network-schema.ts';
import { msrp, sip } from './sip-schema.ts';

const tls = group('Certificates.', {
  cert: nullable(filledText, {
    doc: 'The certificate file (PEM) of the TLS listeners.',
    default: null,
    unsupported: true,
  }),
  key: nullable(filledText, {
    doc: 'The key file (PEM) of the certificate.',
    default: null,
    unsupported: true,
  }),
  ca: nullable(filledText, {
    doc: "A file (PEM) with the certificates that are believed for ircs:// servers, in place of the system's.",
    default: null,
  }),
});

const later = { unsupported: true } as const;

const embedded = group('The built-in IRC server; starts when a network names it.', {
  listen: key(list, { doc: 'irc:// and ircs:// URLs.', default: ['irc://127.0.0.1:6667'], ...later }),
  name: key(filledText, { doc: "The server's name in prefixes.", default: 'irc.parley.localhost', ...later }),
  network: key(filledText, { doc: 'NETWORK in ISUPPORT.', default: 'Parley', ...later }),
  motd: nullable(filledText, { doc: 'A text file: the message of the day.', default: null, ...later }),
  state: nullable(filledText, {
    doc: 'A file that keeps channels, topics, modes and lists over restarts.',
    default: null,
    ...later,
  }),
  password: nullable(filledText, { doc: 'PASS.', default: null, sensitive: true, ...later }),
  accounts: key(map, {
    doc: 'account: password, for SASL PLAIN.',
    default: {},
    sensitive: true,
    ...later,
  }),
  operators: key(map, { doc: 'name: password, for OPER.', default: {}, sensitive: true, ...later }),
  limits: group('Limits of the built-in server.', {
    clients: key(count(1, 1000000), { doc: 'Connections.', default: 1024, ...later }),
    perAddress: key(count(1, 1000000), { doc: 'Connections of one address.', default: 16, ...later }),
    channels: key(count(1, 1000000), { doc: 'Channels of one client.', default: 50, ...later }),
    sendQueue: key(count(1024, 1073741824), {
      doc: 'Bytes that may wait for one client.',
      default: 1048576,
      ...later,
    }),
  }),
});

const ident = group('Answers IRC servers that ask who a connection belongs to.', {
  listen: nullable(filledText, {
    doc: 'Where, e.g. tcp://0.0.0.0:113: an opaque, stable token per SIP user.',
    default: null,
    ...later,
  }),
});

const http = optional(
  'Health pages. null turns them off.',
  { present: true },
  {
    listen: key(filledText, {
      doc: 'An http:// URL on loopback: /healthz and /readyz. Port 0 takes a free one.',
      default: 'http://127.0.0.1:8080',
    }),
    password: nullable(filledText, {
      doc: "The status page's password; a must off loopback. Health needs none.",
      default: null,
      sensitive: true,
      ...later,
    }),
    origins: key(list, {
      doc: 'The origins, besides its own, whose pages may open a WebSocket.',
      default: [],
      ...later,
    }),
  },
);

const log = group('What is logged.', {
  level: key(choice('trace', 'debug', 'info', 'warn', 'error'), {
    doc: 'The least important records that are written.',
    default: 'info',
  }),
});

/** The sections of the file, in its order. */
export const schema = { sip, msrp, tls, networks, rooms, embedded, ident, http, log };

/** What a file says, with all defaults filled in; lists and addresses still as texts. */
export type Settings = Values<typeof schema>;
