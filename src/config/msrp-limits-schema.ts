/** The keys of `msrp.limits`: what one peer may take of the gateway. */
import { count, number } from './formats.ts';
import { group, key } from './key.ts';

export const msrpLimits = group(
  'What one MSRP peer may take. Whoever goes beyond is refused, or closed; nobody else notices.',
  {
    headerSize: key(count(1024, 1048576), {
      doc: 'Bytes of the start line and headers of one request. Above it: 400, and the connection is closed.',
      default: 16384,
    }),
    excess: key(count(0, 1073741824), {
      doc: 'Bytes that the body of one request may have beyond `msrp.maxMessageSize`. Such a message is answered 413 as soon as it is seen; the rest of the request is read and dropped up to here, then the connection is closed.',
      default: 16777216,
    }),
    sessionsPerConnection: key(count(1, 1000000), {
      doc: 'Sessions that may share one connection (a relay has many on one). One more is answered 403.',
      default: 1000,
    }),
    connectionsPerAddress: key(count(1, 1000000), {
      doc: 'Connections of one network address (a relay in front has them all). For one more the oldest of them that has no session yet is closed; where each has one, the newcomer is.',
      default: 2000,
    }),
    halfOpenConnections: key(count(1, 1000000), {
      doc: 'Connections without a session, in all. One more, and the oldest of them is closed.',
      default: 4096,
    }),
    halfOpenTime: key(number(1, 3600), {
      doc: 'Seconds that a connection may be without a session; then it is closed.',
      default: 30,
    }),
    bindTime: key(number(1, 3600), {
      doc: 'Seconds that a session may be without a connection; then the call is ended with BYE.',
      default: 30,
    }),
  },
);
