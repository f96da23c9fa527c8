/** The keys of one IRC network. */
import { choice, count, filledText, flag, list, map, number, text, textLike } from './formats.ts';
import { entries, key, nullable, optional } from './key.ts';

const nick = textLike(
  'IRC nick',
  /^[^\s\p{Cc}!@,*?.:#&+~$%\d-][^\s\p{Cc}!@,*?.:]{0,63}$/u,
  'must be an IRC nick: no spaces, none of ! @ , * ? . : and no digit or - first',
);
const userName = textLike(
  'IRC user name',
  /^[^\s\p{Cc}@!:][^\s\p{Cc}@!]{0,63}$/u,
  'must be an IRC user name: no spaces, none of @ and !',
);
const nickPattern = textLike(
  'text with {nick} in it',
  /^[^\s\p{Cc}!@,*?.:]*\{nick\}[^\s\p{Cc}!@,*?.:]*$/u,
  'must contain {nick}, and otherwise only what a nick may contain',
);
const account = textLike('text without spaces', /^[^\s\p{Cc}]*$/u, 'must be text without spaces');

const sasl = optional(
  'The login of the reader (SASL).',
  {},
  {
    account: key(account, { doc: 'The account. Must be set where `sasl` is.', default: '' }),
    password: key(text, {
      doc: 'Its password. Must be set where `sasl` is.',
      default: '',
      sensitive: true,
    }),
    external: optional(
      'Login by client certificate.',
      { unsupported: true },
      {
        cert: key(filledText, { doc: 'The certificate file.', default: '', unsupported: true }),
        key: key(filledText, { doc: 'The key file.', default: '', unsupported: true }),
      },
    ),
  },
);

const pace = optional(
  'How fast one link sends. null: as fast as the server reads.',
  { present: true },
  {
    burst: key(count(1, 10000), { doc: 'Lines that may go at once.', default: 5 }),
    perSecond: key(number(0.1, 10000), { doc: 'Lines a second after that.', default: 2 }),
  },
);

const webirc = optional(
  'Tells the IRC server the address of the SIP user (WEBIRC).',
  {},
  {
    password: key(account, {
      doc: 'The password that the server has for us. Must be set where `webirc` is.',
      default: '',
      sensitive: true,
    }),
    gateway: key(account, { doc: 'The name that we have as a gateway.', default: 'parley' }),
  },
);

export const networks = entries(
  "The IRC networks. A network's name is letters, digits, `-`, `_` and `.`, and stands in the URIs of its users.",
  'NETWORK',
  {
    servers: key(list, {
      doc: 'irc:// or, for TLS, ircs:// URLs, tried in order; at least one. Default ports 6667 and 6697. Or `embedded` alone: the built-in server.',
      default: [],
    }),
    nick: key(nick, {
      doc: 'The nick of the reader: the connection that reads the channels.',
      default: 'parley',
    }),
    username: key(userName, { doc: 'The user name of the reader.', default: 'parley' }),
    realname: key(filledText, { doc: 'The real name of the reader.', default: 'Parley' }),
    password: nullable(filledText, {
      doc: "The server's password (PASS).",
      default: null,
      sensitive: true,
    }),
    sasl,
    accounts: key(map, {
      doc: 'For puppets: SIP address: { account, password }.',
      default: {},
      sensitive: true,
      unsupported: true,
    }),
    puppets: key(flag, {
      doc: 'true: each SIP participant has an IRC connection of its own. false: participants are relayed as `<nick> text`.',
      default: true,
    }),
    puppetNick: key(nickPattern, {
      doc: 'The nick of a puppet, e.g. "{nick}|sip". SIP participants see the bare nick.',
      default: '{nick}',
    }),
    puppetRealname: key(filledText, {
      doc: 'The real name of a puppet, from {address} and {nick}. A participant who asked for privacy is "anonymous".',
      default: '{address}',
    }),
    puppetLimit: key(count(0, 100000), {
      doc: 'The most puppet connections; above it participants are relayed. A server that says "too many" lowers it.',
      default: 100,
    }),
    pace,
    webirc,
    sourcePrefix: nullable(filledText, {
      doc: 'An IPv6 prefix of this host, e.g. 2001:db8:1::/64: an address of its own for each puppet.',
      default: null,
      unsupported: true,
    }),
    anyChannel: key(flag, {
      doc: 'true: every channel of the network is a room, by a URI of its own.',
      default: false,
      unsupported: true,
    }),
    ignore: key(list, {
      doc: 'Whose lines are not bridged (other bridges, bots): patterns nick!user@host with `*` and `?`, in quotes; what is left out is `*`. Those people stay in the roster; what they write in private gets no answer, and their invitations are not told. At SIGHUP a changed list holds at once.',
      default: [],
    }),
    grace: key(number(0, 86400), {
      doc: 'Seconds that a puppet stays after its SIP session was lost without BYE; 0: leaves at once.',
      default: 30,
    }),
    encoding: nullable(filledText, {
      doc: 'What lines from IRC are read in that are not UTF-8, e.g. windows-1252 (names as browsers have them). null: replacement characters stand for what cannot be read. What we write is UTF-8 always, so somebody whose nick is not UTF-8 cannot be written to. At SIGHUP a change holds from the next line on.',
      default: null,
    }),
  },
);

/** The keys of `rooms`. */
export const rooms = entries(
  "The rooms. A room's name is letters, digits, `-`, `_` and `.`; its URI is sip:ROOM@DOMAIN.",
  'ROOM',
  {
    network: nullable(filledText, {
      doc: 'The network of the channel. null: no IRC behind it, a conference of SIP participants only.',
      default: null,
    }),
    channel: nullable(filledText, {
      doc: 'The channel, in quotes: "#lobby". Two rooms on one channel are an error.',
      default: null,
    }),
    key: nullable(
      textLike(
        'text without spaces and commas',
        /^[^\s\p{Cc},]+$/u,
        'must be text without spaces and commas',
      ),
      { doc: "The channel's key.", default: null, sensitive: true },
    ),
    subject: nullable(filledText, {
      doc: "What the room is about. null: the channel's topic.",
      default: null,
    }),
    nicknames: key(flag, { doc: 'Whether participants may choose nicknames.', default: true }),
    privateMessages: key(flag, { doc: 'Whether participants may send private messages.', default: true }),
    types: key(list, {
      doc: 'The media types that may be sent (accept-wrapped-types): type/subtype, type/* or *. They may also come as the parts of multipart/mixed and multipart/alternative.',
      default: ['text/plain', 'text/html', 'image/*', 'application/im-iscomposing+xml', 'message/imdn+xml'],
    }),
    history: key(count(0, 1000), {
      doc: 'Messages replayed to who joins, as many of the last ones as fit into 512 KiB; of files only those of up to 64 KiB. A restart loses them.',
      default: 0,
    }),
    distribute: key(choice('after-irc', 'immediately'), {
      doc: 'after-irc: SIP participants get a message when IRC has it. immediately: at once.',
      default: 'after-irc',
    }),
    maxLines: key(count(1, 10000), {
      doc: 'IRC lines that one text may become; above it the sender gets 413.',
      default: 8,
    }),
    roster: key(choice('auto', 'all', 'active', 'sip-only'), {
      doc: 'Whom the roster names. auto: all up to 300 people, active above.',
      default: 'auto',
      unsupported: true,
    }),
    commands: key(flag, {
      doc: 'true: /msg, /nick, /topic ... typed by SIP participants are commands. /me is an action always.',
      default: false,
      unsupported: true,
    }),
    allow: key(list, {
      doc: 'Patterns of SIP addresses that may join and subscribe. `deny` is checked first.',
      default: ['*'],
    }),
    deny: key(list, { doc: 'Patterns of SIP addresses that may not.', default: [] }),
  },
);
