/** A room without a network behind real sockets: the SIP stack, MSRP, the focus and a room's loop in this process. */
import type { TestContext } from 'node:test';
import { type Clock, systemClock } from '../../src/common/clock.ts';
import { type Log, silentLog } from '../../src/common/log.ts';
import {
  Focus,
  type FocusLimits,
  type FocusRoom,
  type FocusSettings,
  type MsrpPlace,
} from '../../src/focus/focus.ts';
import { fingerprintsOf, MsrpEndpoint, type MsrpEndpointOptions, tcpDial } from '../../src/msrp/index.ts';
import type { FocusEffect, NetworkEffect } from '../../src/room/effects.ts';
import type { RoomSettings } from '../../src/room/inputs.ts';
import { RoomLoop } from '../../src/room/loop.ts';
import { SipStack } from '../../src/sip/index.ts';
import { listenAtDoor } from '../../src/transport/doors.ts';
import { Guests } from '../../src/transport/guests.ts';
import { makeSelfSigned } from '../../src/transport/self-signed.ts';
import type { Certificate } from '../../src/transport/tls.ts';
import { type JoinOptions, join } from '../naive/join.ts';
import type { Participant } from '../naive/participant.ts';

export const DOMAIN = 'chat.example.com';

export const SETTINGS: FocusSettings = {
  types: ['text/plain', 'text/html', 'image/*', 'application/im-iscomposing+xml', 'message/imdn+xml'],
  nicknames: true,
  privateMessages: true,
  allow: ['*'],
  deny: [],
  network: undefined,
};

export interface StageOptions {
  /** The clock of the focus and of the rooms. The sockets always have the real one. */
  readonly clock?: Clock;
  /** Of the focus and of MSRP; silent without it. */
  readonly log?: Log;
  readonly settings?: Partial<FocusSettings>;
  readonly rooms?: readonly string[];
  readonly networked?: boolean;
  /** Messages replayed to who joins. */
  readonly history?: number;
  readonly limits?: Partial<FocusLimits>;
  readonly msrp?: Partial<MsrpEndpointOptions>;
  /** How long an MSRP session waits for its connection. */
  readonly bindTimeoutMs?: number;
  /** The largest message that is taken; 1 MiB without it. */
  readonly maxMessageBytes?: number;
  /** True: MSRP has no way in without TLS. */
  readonly tlsOnly?: boolean;
}

export interface OpenRoom {
  readonly focus: FocusRoom;
  readonly loop: RoomLoop;
  readonly effects: FocusEffect[];
  readonly asked: NetworkEffect[];
  /** Set to answer what the network's side is asked at once. */
  answers: (effect: NetworkEffect) => void;
}

export type Manner = Partial<JoinOptions> & { readonly udp?: boolean };

export interface Stage {
  readonly rooms: ReadonlyMap<string, OpenRoom>;
  /** The room `lobby`. */
  readonly lobby: OpenRoom;
  /** What somebody needs to join. */
  readonly how: (user: string, manner?: Manner) => JoinOptions;
  readonly joins: (user: string, manner?: Manner) => Promise<Participant>;
  /** MSRP shows this certificate from now on. */
  readonly renew: (certificate: Certificate) => void;
}

export async function stage(t: TestContext, options: StageOptions = {}): Promise<Stage> {
  const {
    clock = systemClock,
    bindTimeoutMs = 30_000,
    maxMessageBytes = 1_048_576,
    tlsOnly = false,
    log = silentLog,
  } = options;
  let certificate = makeSelfSigned(['127.0.0.1'], Date.now());
  const msrp = new MsrpEndpoint({
    clock: systemClock,
    log,
    maxMessageBytes,
    bindTimeoutMs,
    dial: tcpDial(() => ({ certificate, ca: undefined })),
    ...options.msrp,
  });
  const listener = await listenAtDoor(
    { host: '127.0.0.1', port: 0 },
    {
      clock: systemClock,
      certificate,
      asksCertificate: true,
      speaks: tlsOnly ? 'tls' : 'both',
      guests: new Guests(1000),
      silenceMs: 30_000,
    },
    (connection) => msrp.accept(connection),
  );
  const place = { transport: 'tcp', ...listener.address } as const;
  const secure: MsrpPlace = { scheme: 'msrps', ...place };
  const sip = new SipStack({
    clock: systemClock,
    log,
    listen: [
      { transport: 'udp', host: '127.0.0.1', port: 0 },
      { transport: 'tcp', host: '127.0.0.1', port: 0 },
    ],
    userAgent: 'parley/test',
  });
  await sip.start();
  t.after(async () => {
    msrp.close();
    await Promise.all([sip.stop(), listener.close()]);
  });
  const focus = new Focus({
    sip,
    msrp,
    clock,
    log,
    domain: DOMAIN,
    networks: () => ['local'],
    msrpPlaces: tlsOnly ? [secure] : [{ scheme: 'msrp', ...place }, secure],
    fingerprints: () => fingerprintsOf(certificate.cert),
    maxMessageBytes,
    limits: { congestedMs: 180_000, pace: undefined, ...options.limits },
  });
  const rooms = new Map<string, OpenRoom>();
  for (const name of options.rooms ?? ['lobby']) rooms.set(name, open(focus, name, { ...options, clock }));
  const lobby = rooms.get('lobby');
  if (!lobby) throw new Error('there is no lobby');
  const portOf = (scheme: string): number =>
    Number(sip.addresses.find((address) => address.startsWith(scheme))?.replace(/^.*:/, ''));
  const how = (user: string, { udp = false, ...manner }: Manner = {}): JoinOptions => {
    const transport = udp ? 'udp' : 'tcp';
    const server = { host: '127.0.0.1', port: portOf(transport), transport } as const;
    return { sip: server, room: 'lobby', domain: DOMAIN, user, ...manner };
  };
  const renew = (renewed: Certificate): void => {
    certificate = renewed;
    listener.renew(renewed);
  };
  return { rooms, lobby, how, joins: (user, manner) => join(t, how(user, manner)), renew };
}

function open(focus: Focus, name: string, options: StageOptions & { readonly clock: Clock }): OpenRoom {
  const settings = { ...SETTINGS, ...options.settings };
  const networked = options.networked ?? false;
  const loop = new RoomLoop(
    { settings: { ...roomSettings(name, settings), history: options.history ?? 0 }, networked },
    { clock: options.clock, log: silentLog },
  );
  const room = focus.openRoom(name, settings, loop);
  const effects: FocusEffect[] = [];
  const asked: NetworkEffect[] = [];
  const opened: OpenRoom = { focus: room, loop, effects, asked, answers: () => {} };
  loop.connect({
    focus(effect) {
      effects.push(effect);
      room.effect(effect);
    },
    network(effect) {
      asked.push(effect);
      opened.answers(effect);
    },
  });
  return opened;
}

export function roomSettings(name: string, { nicknames, privateMessages }: FocusSettings): RoomSettings {
  return {
    name,
    subject: undefined,
    nicknames,
    privateMessages,
    distribute: 'after-irc',
    history: 0,
    reservedNicknames: [],
    operators: undefined,
  };
}
