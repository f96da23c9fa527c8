/** The keys of `sip` and `msrp`: where the SIP side listens and what it is called. */
import { count, filledText, flag, list, map } from './formats.ts';
import { group, key, nullable, optional } from './key.ts';
import { msrpLimits } from './msrp-limits-schema.ts';

export const sip = group('Signalling.', {
  domain: nullable(filledText, {
    doc: 'The host part of every room URI and user URI. null: the host of the first listener (`sip.host` where that listens on all addresses).',
    default: null,
  }),
  listen: key(list, {
    doc: 'Where SIP is heard: udp://, tcp://, tls://, ws:// and wss:// URLs. Default port 5060, of tls:// 5061, of WebSockets 80 and 443; port 0 takes a free one. An IPv6 address stands in brackets, and its URL in quotes.',
    default: ['udp://127.0.0.1:5060', 'tcp://127.0.0.1:5060'],
  }),
  host: nullable(filledText, {
    doc: "The host written in Via and Contact. null: the listener's address. Must be set where a listener is on 0.0.0.0 or [::].",
    default: null,
  }),
  proxy: nullable(filledText, {
    doc: 'The outbound proxy for requests that Parley starts, e.g. sip:10.0.0.1;transport=tcp;lr',
    default: null,
    unsupported: true,
  }),
  trustedPeers: key(list, {
    doc: "CIDRs whose P-Asserted-Identity and Via chain (the client's address) are believed.",
    default: [],
    unsupported: true,
  }),
  limits: group('What one SIP peer may take.', {
    connectionsPerAddress: key(count(1, 1000000), {
      doc: 'Connections of one network address, over all listeners but UDP (a proxy in front has them all). For one more the oldest of them by which no message has come yet is closed; where one has come by each, the newcomer is.',
      default: 2000,
    }),
  }),
  auth: group('Who may start a dialog.', {
    required: key(flag, {
      doc: 'true: a SIP request that starts a dialog needs digest authentication or a trusted identity.',
      default: false,
      unsupported: true,
    }),
    realm: nullable(filledText, {
      doc: 'The realm of digest authentication. null: `sip.domain`.',
      default: null,
      unsupported: true,
    }),
    users: key(map, {
      doc: 'user: password; user u is sip:u@REALM.',
      default: {},
      sensitive: true,
      unsupported: true,
    }),
    usersFile: nullable(filledText, {
      doc: 'A file of the same form as `sip.auth.users`.',
      default: null,
      unsupported: true,
    }),
  }),
  register: optional(
    'Rooms are registered at this registrar.',
    { unsupported: true },
    {
      registrar: key(filledText, { doc: 'The SIP URI of the registrar.', default: '', unsupported: true }),
      user: key(filledText, { doc: 'The user name.', default: '', unsupported: true }),
      password: key(filledText, {
        doc: 'The password.',
        default: '',
        sensitive: true,
        unsupported: true,
      }),
    },
  ),
});

export const msrp = group('Messages.', {
  listen: key(list, {
    doc: 'Where MSRP is heard: tcp:// URLs, whose port takes TLS too, and tls:// ones, which take TLS only; ws:// and wss:// for WebSockets. Default port 2855, of WebSockets 80 and 443; port 0 takes a free one.',
    default: ['tcp://127.0.0.1:2855'],
  }),
  host: nullable(filledText, {
    doc: "The host written in a=path. null: the listener's address; `sip.host` where the listener is on 0.0.0.0 or [::].",
    default: null,
  }),
  maxMessageSize: key(count(1, 1073741824), {
    doc: 'The most bytes that one whole message may have.',
    default: 1048576,
  }),
  keepAlive: key(count(0, 86400), {
    doc: 'Seconds after which a connection on which nothing comes from the peer is asked for a sign of life, by a SEND without a body. None within 30 s: the connection is closed, and the calls on it are ended with BYE. 0: never.',
    default: 60,
  }),
  limits: msrpLimits,
});
