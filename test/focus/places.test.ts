/** Which of our places goes with what a peer offers, and which one we offer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDescription } from '../../src/focus/offer-answer.ts';
import { type MsrpPlace, placeForOffer } from '../../src/focus/places.ts';

const place = (scheme: MsrpPlace['scheme'], transport: MsrpPlace['transport'], port: number): MsrpPlace => ({
  scheme,
  transport,
  host: '192.0.2.1',
  port,
});
const ALL = [
  place('msrp', 'tcp', 1),
  place('msrps', 'tcp', 2),
  place('msrp', 'ws', 3),
  place('msrps', 'ws', 4),
  place('msrp', 'ws', 5),
] as const;

function offer(protocol: string, path: string, more = ''): string {
  return `v=0\r\no=- 1 1 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\nm=message 2855 ${protocol} *\r\na=path:${path}\r\na=accept-types:message/cpim\r\n${more}`;
}

const WS = 'msrp://df7jal23ls0d.invalid:2855/98cjs;ws';
const RELAY = 'msrps://a.example.com:2855/jui787s2f;tcp';

/** RFC 7977 section 5.2.2: a WebSocket is known by the path alone. */
const OFFERS: readonly [what: string, sdp: string, port: number | undefined][] = [
  ['a phone', offer('TCP/MSRP', 'msrp://192.0.2.2:9/x;tcp'), 1],
  ['a phone with TLS', offer('TCP/TLS/MSRP', 'msrps://192.0.2.2:9/x;tcp'), 2],
  ['a page', offer('TCP/MSRP', WS), 3],
  ['a page, in capitals', offer('TCP/MSRP', WS.replace(';ws', ';WS')), 3],
  ['a secure page', offer('TCP/TLS/MSRP', WS.replace('msrp:', 'msrps:')), 4],
  ['a page behind a relay: the relay is who connects', offer('TCP/TLS/MSRP', `${RELAY} ${WS}`), 2],
  ['a page that says that it dials', offer('TCP/MSRP', WS, 'a=setup:active\r\n'), 3],
  ['a page that would leave it to us', offer('TCP/MSRP', WS, 'a=setup:actpass\r\n'), 3],
  ['a page that waits: nobody can dial it', offer('TCP/MSRP', WS, 'a=setup:passive\r\n'), undefined],
  ['a line that says TLS with a path that does not', offer('TCP/TLS/MSRP', WS), undefined],
  ['a transport of nobody', offer('TCP/MSRP', WS.replace(';ws', ';quic')), undefined],
];

for (const [what, sdp, port] of OFFERS) {
  test(`${what}: ${port === undefined ? 'refused' : `taken at ${port}`}`, () => {
    const reading = readDescription(sdp, ALL);
    assert.equal(reading.ok ? reading.peer.place.port : undefined, port);
    if (!reading.ok) assert.equal(reading.status, 488);
  });
}

test('where nobody listens for WebSockets a page is refused', () => {
  assert.equal(readDescription(offer('TCP/MSRP', WS), ALL.slice(0, 2)).ok, false);
});

test('an offer of ours names a place that the peer can reach', () => {
  assert.equal(placeForOffer(ALL, { transport: 'udp' }).port, 1);
  assert.equal(placeForOffer(ALL, { transport: 'tcp' }).port, 1);
  assert.equal(placeForOffer(ALL, { transport: 'ws' }).port, 3);
  assert.equal(placeForOffer([ALL[2]], { transport: 'tcp' }).port, 3);
});
