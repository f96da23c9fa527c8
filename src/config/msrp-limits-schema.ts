/** The keys of `msrp.limits`: what one peer may take of the gateway. */
import { count, number } from './formats.ts';
import { group, key, optional } from './key.ts';

const sends = optional(
  'How many messages and NICKNAMEs one participant may send. What is more is refused (413, 425). null: as many as it can.',
  { present: true },
  {
    burst: key(count(1, 1000000), { doc: 'How many at once.', default: 200 }),
    perSecond: key(number(0.1, 1000000), { doc: 'How many a second after that.', default: 20 }),
  },
);

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
    sendBudget: key(count(65536, 1073741824), {
      doc: 'Bytes that may wait for one connection that does not take them. From 80 % on it is congested, until less than half waits: what the room says of itself is left out, from 87.5 % on also files and texts above 64 kB, at 100 % every message. Then its participants are told how many they have missed. A connection for which twice as much waits is closed.',
      default: 1048576,
    }),
    congestedTime: key(number(1, 86400), {
      doc: 'Seconds that a participant may be congested without a pause; then the call is ended with BYE.',
      default: 180,
    }),
    sends,
  },
);
