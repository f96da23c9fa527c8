/** The configuration file of an ngircd for tests. */
import { operator, type IrcServerPlace } from './irc-server-options.ts';

/** Wide open on loopback, but for what the options ask. */
export function ngircdConfig(place: IrcServerPlace): string {
  const root = process.getuid?.() === 0;
  const lines = [
    '[Global]',
    'Name = ngircd.test',
    'Info = tests',
    'Listen = 127.0.0.1',
    `Ports = ${place.port}`,
    'MotdPhrase = welcome',
  ];
  if (root) lines.push('ServerUID = nobody', 'ServerGID = nogroup');
  if (place.password !== undefined) lines.push(`Password = ${place.password}`);
  lines.push(
    '[Limits]',
    'MaxConnections = 0',
    `MaxConnectionsIP = ${place.maxPerAddress ?? 0}`,
    'MaxJoins = 0',
    'MaxNickLength = 30',
    `MaxPenaltyTime = ${place.flood ? -1 : 0}`,
    `PingTimeout = ${place.pingSeconds ?? 60}`,
    'PongTimeout = 20',
    '[Options]',
    'DNS = no',
    'Ident = no',
    'PAM = no',
    'NoticeBeforeRegistration = no',
    'OperCanUseMode = yes',
    'MorePrivacy = no',
  );
  if (place.webirc !== undefined) lines.push(`WebircPassword = ${place.webirc}`);
  if (place.certificate) {
    lines.push('[SSL]', `CertFile = ${place.certificate.cert}`, `KeyFile = ${place.certificate.key}`);
    lines.push(`Ports = ${place.tlsPort}`);
  }
  for (const { name, password } of place.opers ?? [operator]) {
    lines.push('[Operator]', `Name = ${name}`, `Password = ${password}`);
  }
  return lines.join('\n') + '\n';
}
