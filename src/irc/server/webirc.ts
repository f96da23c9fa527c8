/** WEBIRC: a trusted gateway of this host says where its user is (IRCv3 webirc). */
import { isIP } from 'node:net';
import { shownHost } from './client.ts';
import type { Handler } from './command.ts';
import { equalSecrets } from './secrets.ts';
import type { Client } from './client.ts';
import type { World } from './world.ts';

/** Takes the address that a gateway names; what a new address is counted for is up to `trusted`. */
export function webirc(trusted: (client: Client) => void): Handler {
  return (client, { params: [password = '', gateway = '', , ip = '', options = ''] }, world) => {
    if (!isTrusted(client, password, gateway, world)) {
      world.quit(client, 'Invalid WebIRC password');
      return;
    }
    if (isIP(ip) === 0) {
      world.quit(client, 'Invalid WebIRC address');
      return;
    }
    client.address = ip;
    client.trusted = true;
    // The host name that it says is not looked up by anybody, so it is not shown.
    client.host = shownHost(ip);
    // Only where both ways are by TLS.
    client.secure &&= options.split(' ').some((option) => option.split('=')[0] === 'secure');
    trusted(client);
  };
}

function isTrusted(client: Client, password: string, gateway: string, world: World): boolean {
  // The first command, from this host, with a password of that gateway.
  if (!client.local || client.nick !== '' || client.user !== '' || client.negotiating) return false;
  return [...world.options.webirc].some(
    ([known, name]) => equalSecrets(known, password) && name.toLowerCase() === gateway.toLowerCase(),
  );
}
