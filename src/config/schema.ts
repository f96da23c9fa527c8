/** Every key of the configuration. `config/reference.md` is written from it. */
import { choice, filledText, list } from './formats.ts';
import { embedded } from './embedded-schema.ts';
import { group, key, nullable, optional, type Values } from './key.ts';
import { networks, rooms } from './network-schema.ts';
import { msrp, sip } from './sip-schema.ts';

const tls = group('Certificates.', {
  cert: nullable(filledText, {
    doc: 'The certificate file (PEM) of MSRP over TLS, of tls:// and wss:// listeners, and of the ircs:// listeners of `embedded`. null: one is made at the start, but not for ircs://. MSRP peers know it by its fingerprint in the SDP; SIP clients and browsers have no way to. SIGHUP reads it again: newcomers see the new one, and who is there stays.',
    default: null,
  }),
  key: nullable(filledText, {
    doc: 'The key file (PEM) of the certificate.',
    default: null,
  }),
  ca: nullable(filledText, {
    doc: "A file (PEM) with the authorities that are believed for ircs:// servers, and for MSRP peers that we dial and that give no fingerprint, in place of the system's.",
    default: null,
  }),
});

const later = { unsupported: true } as const;

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
      doc: 'An http:// URL on loopback: /healthz and /readyz, and WebSockets for SIP at /sip and for MSRP at /msrp. Port 0 takes a free one.',
      default: 'http://127.0.0.1:8080',
    }),
    password: nullable(filledText, {
      doc: "The status page's password; a must off loopback. Health needs none.",
      default: null,
      sensitive: true,
      ...later,
    }),
    origins: key(list, {
      doc: 'The origins, besides its own, whose pages may open a WebSocket, here or on a ws:// or wss:// listener: https://chat.example.org. Its own are those of this host by an IP address, as localhost, or by a name in this file; behind a proxy, name the page here. Programs that are no browsers send no Origin, and are let in.',
      default: [],
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
