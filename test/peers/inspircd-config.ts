/** The configuration file of an inspircd for tests. */
import { operator, type IrcServerPlace } from './irc-server-options.ts';

const modules = [
  'ircv3',
  'cap',
  'ircv3_accounttag',
  'ircv3_batch',
  'ircv3_capnotify',
  'ircv3_chghost',
  'ircv3_ctctags',
  'ircv3_echomessage',
  'ircv3_invitenotify',
  'ircv3_labeledresponse',
  'ircv3_msgid',
  'ircv3_servertime',
  'services_account',
  'botmode',
  'blockcolor',
  'chghost',
  'knock',
  'monitor',
  'namesx',
  'nonicks',
  'sakick',
  'samode',
  'sanick',
  'setname',
];

/** Wide open on loopback, but for what the options ask. */
export function inspircdConfig(place: IrcServerPlace): string {
  const clients = place.maxPerAddress ?? 4000;
  const pace = place.flood
    ? 'fakelag="yes" commandrate="1000" threshold="10" recvq="8K" softsendq="8192"'
    : 'fakelag="no" commandrate="1000000" threshold="1000" recvq="64K" softsendq="64K"';
  const password = place.password === undefined ? '' : `password="${place.password}"`;
  const opers = (place.opers ?? [operator]).map(
    ({ name, password: secret }) => `<oper name="${name}" password="${secret}" host="*@*" type="Overseer">`,
  );
  const { name, id } = place.linked ?? { name: 'inspircd.test', id: '0TS' };
  const lines = [
    `<server name="${name}" description="tests" network="TestNet" id="${id}">`,
    '<admin name="tests" nick="tests" email="tests@inspircd.test">',
    `<bind address="127.0.0.1" port="${place.port}" type="clients">`,
    `<connect name="all" allow="*" ${password} timeout="20" pingfreq="${place.pingSeconds ?? 60}"`,
    ` hardsendq="4M" ${pace} localmax="${clients}" globalmax="${clients}" limit="5000" maxchans="500"`,
    ' resolvehostnames="no" useident="no">',
    '<class name="All" commands="*" privs="users/auspex channels/auspex" usermodes="*" chanmodes="*">',
    '<type name="Overseer" classes="All" host="oper.inspircd.test">',
    ...opers,
    '<options prefixquit="" defaultmodes="not" casemapping="rfc1459" syntaxhints="no" hidebans="no">',
    '<limits maxnick="30" maxchan="64" maxident="12" maxhost="64" maxtopic="307" maxkick="255" maxreal="128">',
    '<performance netbuffersize="10240" somaxconn="512" clonesonconnect="no">',
    `<log method="file" type="* -USERINPUT -USEROUTPUT" level="default" target="${place.folder}/log">`,
    `<pid file="${place.folder}/pid">`,
    ...modules.map((name) => `<module name="${name}">`),
  ];
  if (place.webirc !== undefined) {
    lines.push(
      '<module name="cgiirc">',
      `<cgihost type="webirc" password="${place.webirc}" mask="127.0.0.1">`,
    );
  }
  if (place.swallow !== undefined) {
    lines.push(
      '<module name="regex_glob">',
      '<module name="filter">',
      '<filteropts engine="glob" notifyuser="no">',
      `<keyword pattern="*${place.swallow}*" reason="swallowed" action="silent" flags="*">`,
    );
  }
  if (place.certificate) {
    const { cert, key } = place.certificate;
    lines.push(
      '<module name="ssl_gnutls">',
      `<sslprofile name="own" provider="gnutls" certfile="${cert}" keyfile="${key}">`,
      `<bind address="127.0.0.1" port="${place.tlsPort}" type="clients" sslprofile="own">`,
    );
  }
  if (place.linked) {
    const { port, other } = place.linked;
    lines.push(
      '<module name="spanningtree">',
      `<bind address="127.0.0.1" port="${port}" type="servers">`,
      `<link name="${other.name}" ipaddr="127.0.0.1" port="${other.port}" allowmask="127.0.0.0/8" timeout="10s"`,
      ' sendpass="between-us" recvpass="between-us">',
    );
  }
  if (place.extra !== undefined) lines.push(place.extra);
  return lines.join('\n') + '\n';
}
