/** AUTHENTICATE: SASL PLAIN (sasl-3.1, sasl-3.2, RFC 4616). */
import type { Client } from './client.ts';
import type { Handler } from './command.ts';
import { equalSecrets } from './secrets.ts';
import type { World } from './world.ts';

/** Characters of one AUTHENTICATE (sasl-3.1). */
const CHUNK = 400;
/** Characters of one response; three times what 255 octets each of name, name and password need. */
const LONGEST = 3200;
/** After so many failures the connection is closed (sasl-3.2, SASL Reauthentication). */
const MOST_FAILURES = 5;

interface Exchange {
  /** What came of the response so far; undefined while no mechanism was chosen. */
  response: string | undefined;
  failures: number;
}

const exchanges = new WeakMap<Client, Exchange>();

/** Whether a client may log in: there are accounts, and nobody on the way can read the password. */
export function offersSasl(client: Client, world: World): boolean {
  return world.options.accounts.size > 0 && (client.secure || client.local);
}

export const authenticate: Handler = (client, { params: [said = ''] }, world) => {
  const exchange = exchangeOf(client);
  if (!client.has('sasl') || !offersSasl(client, world)) {
    fail(client, exchange, world);
  } else if (said === '*') {
    exchange.response = undefined;
    world.reply(client, 'ERR_SASLABORTED');
  } else if (exchange.response === undefined) {
    begin(client, exchange, said, world);
  } else if (said.length > CHUNK || exchange.response.length + said.length > LONGEST) {
    exchange.response = undefined;
    world.reply(client, 'ERR_SASLTOOLONG');
  } else {
    if (said !== '+') exchange.response += said;
    // A chunk that is full is followed by another one.
    if (said.length < CHUNK) finish(client, exchange, exchange.response, world);
  }
};

/** The client registers before its exchange is at an end (sasl-3.1). */
export function abortAuthentication(client: Client, world: World): void {
  const exchange = exchanges.get(client);
  if (exchange?.response === undefined) return;
  exchange.response = undefined;
  world.reply(client, 'ERR_SASLABORTED');
}

function exchangeOf(client: Client): Exchange {
  const known = exchanges.get(client);
  if (known) return known;
  const exchange: Exchange = { response: undefined, failures: 0 };
  exchanges.set(client, exchange);
  return exchange;
}

function begin(client: Client, exchange: Exchange, mechanism: string, world: World): void {
  if (mechanism.toUpperCase() !== 'PLAIN') {
    world.reply(client, 'RPL_SASLMECHS', 'PLAIN');
    world.reply(client, 'ERR_SASLFAIL');
    return;
  }
  exchange.response = '';
  client.send(world.message(world.origin, 'AUTHENTICATE', ['+']));
}

function finish(client: Client, exchange: Exchange, response: string, world: World): void {
  exchange.response = undefined;
  const parts = Buffer.from(response, 'base64').toString('utf8').split('\0');
  const [authorization = '', name = '', password = ''] = parts;
  const expected = world.options.accounts.get(name);
  // RFC 4616 section 2: to act as somebody else is nobody's right here.
  const forSelf = authorization === '' || authorization === name;
  if (parts.length !== 3 || !forSelf || expected === undefined || !equalSecrets(expected, password)) {
    fail(client, exchange, world);
    return;
  }
  exchange.failures = 0;
  const changed = client.account !== name;
  const origin = client.origin;
  client.account = name;
  world.keeping.renamed(client);
  world.reply(client, 'RPL_LOGGEDIN', client.mask, name, `You are now logged in as ${name}`);
  world.reply(client, 'RPL_SASLSUCCESS');
  if (!client.registered || !changed) return;
  // account-notify: also to itself. The line still comes from who it was before.
  const message = world.message(origin, 'ACCOUNT', [name]);
  for (const peer of [...world.peers(client), client]) if (peer.has('account-notify')) peer.send(message);
}

function fail(client: Client, exchange: Exchange, world: World): void {
  exchange.response = undefined;
  exchange.failures += 1;
  world.reply(client, 'ERR_SASLFAIL');
  if (exchange.failures >= MOST_FAILURES) world.quit(client, 'Too many SASL authentication failures');
}
