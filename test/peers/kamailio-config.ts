/** The configuration file of a Kamailio that is an MSRP relay (RFC 4976) and nothing else. */

export interface RelayPlace {
  readonly port: number;
  readonly tlsPort: number;
  readonly certificate: { readonly cert: string; readonly key: string };
  /** How the other side is to reach a client: the scheme of the URI that AUTH gives. */
  readonly outside: 'msrp' | 'msrps';
  /** Whose AUTH is taken, all with this password. */
  readonly realm: string;
  readonly password: string;
}

/**
 * A client that has given the password gets a URI that is good for its connection alone. Frames to such a URI pass
 * outwards when they come over that connection, and to that connection when they do not (RFC 4976 section 6.4).
 */
export function kamailioConfig(place: RelayPlace): string {
  const outside = `${place.outside}://127.0.0.1:${place.outside === 'msrp' ? place.port : place.tlsPort}`;
  return `#!KAMAILIO
debug=1
log_stderror=yes
children=1
tcp_children=1
disable_core_dump=yes
auto_aliases=no
dns=no
rev_dns=no
enable_tls=yes
# MSRP has no Content-Length.
tcp_accept_no_cl=yes
tcp_connection_lifetime=3600
listen=tcp:127.0.0.1:${place.port}
listen=tls:127.0.0.1:${place.tlsPort}

loadmodule "tls.so"
loadmodule "sl.so"
loadmodule "kex.so"
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "htable.so"
loadmodule "auth.so"
loadmodule "cfgutils.so"
loadmodule "msrp.so"

modparam("tls", "tls_method", "TLSv1.2+")
modparam("tls", "certificate", "${place.certificate.cert}")
modparam("tls", "private_key", "${place.certificate.key}")
modparam("auth", "nonce_count", 1)
modparam("auth", "qop", "auth")
modparam("htable", "htable", "client=>size=8;autoexpire=3600;")

request_route { drop; }
reply_route { drop; }

event_route[msrp:frame-in] {
  msrp_reply_flags("1");
  if ($proto == "tls") { $var(scheme) = "msrps"; } else { $var(scheme) = "msrp"; }
  $var(peer) = $var(scheme) + "://" + $si + ":" + $sp;

  if (msrp_is_request() && $msrp(method) == "AUTH") {
    if (!pv_www_authenticate("${place.realm}", "${place.password}", "0", "AUTH")) {
      if (auth_get_www_authenticate("${place.realm}", "1", "$var(challenge)")) {
        msrp_reply("401", "Unauthorized", "$var(challenge)");
      } else {
        msrp_reply("500", "No Challenge");
      }
      exit;
    }
    $var(id) = "r" + $RANDOM + "-" + $RANDOM + "-" + $RANDOM;
    $sht(client=>$var(id)::peer) = $var(peer);
    $sht(client=>$var(id)::socket) = $msrp(srcsock);
    $var(headers) = "Use-Path: ${outside}/" + $var(id) + ";tcp\\r\\nExpires: 3600\\r\\n";
    msrp_reply("200", "OK", "$var(headers)");
    exit;
  }

  # A response to this relay alone is the end of a hop; others go on (RFC 4976 section 6.4.3).
  if ($msrp(nexthops) == 0) exit;
  $var(id) = $msrp(sessid);
  $var(client) = $sht(client=>$var(id)::peer);
  if ($var(client) == $null) {
    msrp_reply("481", "No Such Session");
    exit;
  }
  if (msrp_is_request() && $msrp(method) == "SEND" && $hdr(Failure-Report) != "no" && $hdr(Failure-Report) != "partial") {
    msrp_reply("200", "OK");
  }
  # Over the connection that is there, if there is one: MSRP ends take a session over one connection alone.
  if ($var(client) != $var(peer)) {
    $sht(client=>$var(id)::far) = $var(peer);
    $sht(client=>$var(id)::farsocket) = $msrp(srcsock);
    msrp_relay_flags("1");
    msrp_set_dst("$sht(client=>$var(id)::peer)", "$sht(client=>$var(id)::socket)");
  } else if ($sht(client=>$var(id)::far) != $null) {
    msrp_relay_flags("1");
    msrp_set_dst("$sht(client=>$var(id)::far)", "$sht(client=>$var(id)::farsocket)");
  }
  if (!msrp_relay()) xlog("L_ERR", "not relayed: $msrp(buflen) bytes from $var(peer)\\n");
}
`;
}
