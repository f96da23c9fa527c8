/** What a newcomer sees on a terminal instead of the log. */

/** Where things are, with the real ports. */
export interface WelcomePlaces {
  /** URLs as the ready record has them. */
  readonly listeners: readonly string[];
  /** The address of the room, without a port. */
  readonly room: string;
  readonly channel: string;
}

/** A short text with commands to paste; nothing in it is longer than a usual terminal is wide. */
export function welcomeText({ listeners, room, channel }: WelcomePlaces): string {
  const at = (scheme: string): { host: string; port: string } => {
    const url = listeners.find((listener) => listener.startsWith(`${scheme}://`)) ?? '';
    const [, host = '', port = ''] = /:\/\/(.*):(\d+)$/.exec(url) ?? [];
    return { host, port };
  };
  const irc = at('irc');
  const sip = at('udp');
  const http = listeners.find((listener) => listener.startsWith('http://'));
  const uri = `${room}:${sip.port}`;
  return `
Parley is running: one chat room for IRC and for SIP clients.

  From IRC     irssi -c ${irc.host.replace(/^\[|\]$/g, '')} -p ${irc.port} -n YOURNICK
               then /join ${channel}
  From SIP     call ${uri} with a client that knows MSRP,
               or in another terminal:
               npm run client -- ${uri} --name Alice
${http === undefined ? '' : `  Health       ${http}/healthz\n`}
  To stop      Ctrl-C
  Your own     node dist/src/main.js init        writes parley.yaml
               node dist/src/main.js --config parley.yaml
`;
}
