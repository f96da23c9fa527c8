/** CAP: what a client and the server agree on (IRCv3 capability-negotiation, 302). */
import { offersSasl } from './authentication.ts';
import { CAPABILITIES, isCapability, type Capability } from './capability-names.ts';
import type { Client } from './client.ts';
import type { Handler } from './command.ts';
import { packed } from './packed.ts';
import { register } from './registration.ts';
import type { World } from './world.ts';

/** From this version on a client knows values, several lines, NEW and DEL. */
const VALUES = 302;

export const cap: Handler = (client, { params: [subcommand = '', ...rest] }, world) => {
  switch (subcommand.toUpperCase()) {
    case 'LS':
      suspend(client);
      list(client, rest[0], world);
      return;
    case 'LIST':
      sendList(client, 'LIST', [...client.capabilities], world);
      return;
    case 'REQ':
      suspend(client);
      request(
        client,
        (rest.at(-1) ?? '').split(' ').filter((word) => word !== ''),
        world,
      );
      return;
    case 'END':
      client.negotiating = false;
      register(client, world);
      return;
    default:
      world.reply(client, 'ERR_INVALIDCAPCMD', subcommand);
  }
};

/** Tells a client that `sasl` has come or gone with a new configuration (sasl-3.2, Integration with cap-notify). */
export function announceSasl(client: Client, offered: boolean, world: World): void {
  if (client.has('cap-notify')) {
    const value = offered && client.capVersion >= VALUES ? 'sasl=PLAIN' : 'sasl';
    client.send(world.message(world.origin, 'CAP', [client.name, offered ? 'NEW' : 'DEL'], value));
  }
  if (!offered) client.setCapability('sasl', false);
}

function suspend(client: Client): void {
  if (!client.registered) client.negotiating = true;
}

function list(client: Client, said: string | undefined, world: World): void {
  const version = said !== undefined && /^\d{1,9}$/.test(said) ? Number(said) : 0;
  client.capVersion = Math.max(client.capVersion, version);
  // 302 brings cap-notify with it, for good.
  if (client.capVersion >= VALUES) client.setCapability('cap-notify', true);
  const words = CAPABILITIES.filter((name) => name !== 'sasl' || offersSasl(client, world)).map((name) =>
    name === 'sasl' && version >= VALUES ? 'sasl=PLAIN' : name,
  );
  sendList(client, 'LS', words, world);
}

/** One line, or several for a client that knows how to read them: all but the last have an asterisk. */
function sendList(client: Client, subcommand: string, words: readonly string[], world: World): void {
  const taken = `:${world.options.name} CAP ${client.name} ${subcommand} * :`.length;
  const lines = client.capVersion >= VALUES ? packed(words, taken) : [words.join(' ')];
  if (lines.length === 0) lines.push('');
  for (const [at, line] of lines.entries()) {
    const more = at < lines.length - 1 ? ['*'] : [];
    client.send(world.message(world.origin, 'CAP', [client.name, subcommand, ...more], line));
  }
}

function request(client: Client, words: readonly string[], world: World): void {
  const changes = words.map((word) => ({
    name: word.startsWith('-') ? word.slice(1) : word,
    on: !word.startsWith('-'),
  }));
  // All of it or nothing.
  const fine = changes.every(({ name, on }) => isCapability(name) && maySet(client, name, on, world));
  const taken = `:${world.options.name} CAP ${client.name} ACK :`.length;
  for (const line of words.length === 0 ? [''] : packed(words, taken)) {
    client.send(world.message(world.origin, 'CAP', [client.name, fine ? 'ACK' : 'NAK'], line));
  }
  if (!fine) return;
  for (const { name, on } of changes) if (isCapability(name)) client.setCapability(name, on);
}

function maySet(client: Client, name: Capability, on: boolean, world: World): boolean {
  if (name === 'sasl' && on) return offersSasl(client, world);
  return name !== 'cap-notify' || on || client.capVersion < VALUES;
}
