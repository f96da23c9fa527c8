/** The composition root: builds the parts from a configuration, connects them, starts, reloads and stops them. */
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from './common/clock.ts';
import type { Log } from './common/log.ts';
import type { Config, NetworkConfig, RoomConfig } from './config/config.ts';
import { urlText } from './config/listeners.ts';
import { Focus, type FocusRoom } from './focus/focus.ts';
import { EmbeddedServer } from './gateway/embedded.ts';
import { MsrpListeners } from './gateway/msrp-listeners.ts';
import { focusLimits } from './gateway/msrp-options.ts';
import { originRules, upgradesByPath } from './gateway/websockets.ts';
import {
  channelSettings,
  focusSettings,
  keepsChannel,
  readerNick,
  roomSettings,
} from './gateway/room-settings.ts';
import { Network, type NetworkRoom, type NetworkSettings } from './network/network.ts';
import { startHealth, type Health } from './ops/http.ts';
import { RoomLoop } from './room/loop.ts';
import { SipStack } from './sip/index.ts';
import { explainListenError } from './transport/listen-error.ts';

export interface GatewayOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
}

/** A room with its two sides. */
interface OpenRoom {
  config: RoomConfig;
  readonly loop: RoomLoop;
  readonly focus: FocusRoom;
  readonly network: NetworkRoom | undefined;
}

/** Sections that are read at the start only. */
const FIXED = ['sip', 'msrp', 'http'] as const;

export class Gateway {
  #config: Config;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #version: string;
  readonly #sip: SipStack;
  readonly #msrp: MsrpListeners;
  readonly #networks = new Map<string, Network>();
  readonly #rooms = new Map<string, OpenRoom>();
  #focus: Focus | undefined;
  #embedded: EmbeddedServer | undefined;
  #health: Health | undefined;
  #addresses: string[] = [];
  #ready = false;
  /** The authorities that are believed of those whom we dial, in PEM. */
  readonly #ca: string | undefined;
  /** Networks that are gone and still say goodbye. */
  readonly #leaving = new Set<Promise<void>>();

  /** Throws Node's error where a file of `tls` cannot be read or is none. */
  constructor({ config, clock, log, version }: GatewayOptions) {
    this.#config = config;
    this.#clock = clock;
    this.#log = log;
    this.#version = version;
    const { sip, tls } = config;
    this.#ca = tls.ca === null ? undefined : readFileSync(tls.ca, 'utf8');
    this.#msrp = new MsrpListeners({ config, clock, log, ca: this.#ca });
    this.#sip = new SipStack({
      clock,
      log: log.child({ part: 'sip' }),
      listen: sip.listen.map(({ scheme, host, port }) => ({ transport: scheme, host, port })),
      host: sip.host ?? undefined,
      origins: originRules(config),
      certificate: this.#msrp.certificate,
      connectionsPerAddress: sip.limits.connectionsPerAddress,
      userAgent: `Parley/${version}`,
    });
  }

  /** Every listener as a URL with its real port. */
  get listeners(): readonly string[] {
    return this.#addresses;
  }

  /** Resolves when everything listens; IRC need not be there. Rejects when something cannot, and then nothing listens. */
  async start(): Promise<void> {
    try {
      await this.#sip.start();
      await this.#msrp.start();
      const irc = await this.#startEmbedded();
      const health = await this.#startHealth();
      this.#addresses = [...this.#sip.addresses, ...this.#msrp.urls, ...irc, ...health];
    } catch (error) {
      await this.#closeListeners();
      await this.#embedded?.close('not started');
      throw error;
    }
    this.#focus = this.#makeFocus();
    for (const network of this.#config.networks.values()) this.#openNetwork(network);
    for (const room of this.#config.rooms.values()) this.#openRoom(room);
    this.#ready = true;
  }

  /** Takes over another configuration: what is new, gone or changed is started, ended or changed; nothing else is touched. */
  async reload(config: Config): Promise<void> {
    const before = this.#config;
    // First, as it may throw.
    this.#msrp.renew(config.tls.certificate);
    this.#sip.renew(this.#msrp.certificate);
    this.#config = config;
    for (const section of FIXED) {
      if (!isDeepStrictEqual(before[section], config[section])) {
        this.#log.warn({ section }, 'a change of this section needs a restart');
      }
    }
    if (before.tls.ca !== config.tls.ca)
      this.#log.warn({ section: 'tls.ca' }, 'a change of this key needs a restart');
    const gone = [...this.#rooms.values()].filter(({ config: room }) => !keepsChannel(room, config));
    await Promise.all(gone.map((room) => this.#closeRoom(room, 'this room is closed')));
    // Nothing waits for these: they may take their time with what was said last.
    for (const [name, network] of this.#networks) {
      if (!config.networks.has(name)) void this.#closeNetwork(name, network);
    }
    await this.#reloadEmbedded(config);
    for (const [name, settings] of config.networks) {
      const network = this.#networks.get(name);
      if (!network) this.#openNetwork(settings);
      else network.configure(this.#networkSettings(settings));
    }
    for (const room of config.rooms.values()) {
      const open = this.#rooms.get(room.name);
      if (!open) this.#openRoom(room);
      else if (
        !isDeepStrictEqual(open.config, room) ||
        readerNick(room, before) !== readerNick(room, config)
      ) {
        this.#configureRoom(open, room);
      }
    }
  }

  /** BYE to everybody, QUIT on every link. Resolves when all have answered, or after some seconds. */
  async stop(reason: string): Promise<void> {
    this.#ready = false;
    // The links say goodbye for all rooms at once.
    const rooms = [...this.#rooms.values()].map((room) => this.#endRoom(room, reason));
    const networks = [...this.#networks].map(([name, network]) => this.#closeNetwork(name, network, reason));
    await Promise.all([...rooms, ...networks, ...this.#leaving]);
    await this.#embedded?.close(reason);
    await this.#closeListeners();
  }

  async #startHealth(): Promise<string[]> {
    const { http } = this.#config;
    if (http === null) return [];
    try {
      this.#health = await startHealth({
        listen: http.listen,
        ready: () => this.#readiness(),
        upgrades: upgradesByPath({ sip: this.#sip.upgrade, msrp: this.#msrp.upgrade }),
        log: this.#log,
      });
    } catch (error) {
      throw explainListenError(error, urlText({ scheme: 'http', ...http.listen }));
    }
    this.#msrp.upgradesAt(this.#health.address);
    return [urlText({ scheme: 'http', ...this.#health.address })];
  }

  async #startEmbedded(): Promise<readonly string[]> {
    const { embedded, tls } = this.#config;
    if (embedded === null) return [];
    const tools = { clock: this.#clock, log: this.#log, version: this.#version };
    this.#embedded = await EmbeddedServer.start(embedded, tls.certificate, tools);
    return this.#embedded.urls;
  }

  /** The last network that names it is gone, the first has come, or it has changed. */
  async #reloadEmbedded({ embedded, tls }: Config): Promise<void> {
    if (tls.certificate !== null) this.#embedded?.renew(tls.certificate);
    if (embedded === null) {
      await this.#embedded?.close('not needed any more');
      this.#embedded = undefined;
    } else if (!this.#embedded) {
      await this.#startEmbedded();
    } else if (!this.#embedded.configure(embedded)) {
      this.#log.warn({ section: 'embedded' }, 'a change of listen, name, network or state needs a restart');
    }
  }

  async #closeListeners(): Promise<void> {
    await Promise.all([this.#msrp.close(), this.#sip.stop(), this.#health?.close()]);
  }

  /** Calls are taken also while IRC is away; what of it is there is told. */
  #readiness(): { ready: boolean; details: object } {
    const networks = Object.fromEntries([...this.#networks].map(([name, { state }]) => [name, state]));
    const rooms = Object.fromEntries(
      [...this.#rooms].map(([name, { loop }]) => [
        name,
        { active: loop.roster.active, people: loop.roster.size },
      ]),
    );
    return { ready: this.#ready, details: { networks, rooms } };
  }

  #makeFocus(): Focus {
    const { msrp, sip } = this.#config;
    const [first, ...others] = this.#msrp.places;
    if (!first) throw new Error('MSRP listens nowhere');
    return new Focus({
      sip: this.#sip,
      msrp: this.#msrp.endpoint,
      fingerprints: () => this.#msrp.fingerprints,
      clock: this.#clock,
      log: this.#log,
      domain: sip.domain,
      networks: () => this.#networks.keys(),
      msrpPlaces: [first, ...others],
      maxMessageBytes: msrp.maxMessageSize,
      limits: focusLimits(msrp),
    });
  }

  #openNetwork(settings: NetworkConfig): void {
    const network = new Network({
      settings: this.#networkSettings(settings),
      ca: this.#ca,
      clock: this.#clock,
      log: this.#log,
      version: `Parley ${this.#version}`,
    });
    this.#networks.set(settings.name, network);
    network.start();
  }

  /** A network on the built-in server has its links come in there, by a secret that only the two know. */
  #networkSettings(settings: NetworkConfig): NetworkSettings {
    if (!settings.embedded || !this.#embedded) return settings;
    const { server, password, webirc } = this.#embedded.entrance;
    return { ...settings, servers: [server], password, webirc };
  }

  async #closeNetwork(name: string, network: Network, reason = 'not bridged any more'): Promise<void> {
    this.#networks.delete(name);
    const leaving = network.stop(reason);
    this.#leaving.add(leaving);
    await leaving.finally(() => this.#leaving.delete(leaving));
  }

  #openRoom(config: RoomConfig): void {
    const network = config.network === null ? undefined : this.#networks.get(config.network);
    if (!this.#focus) throw new Error('rooms are opened after the start');
    const log = this.#log.child({ room: config.name });
    const tools = { clock: this.#clock, log };
    const settings = roomSettings(config, this.#config);
    const loop = new RoomLoop({ settings, networked: network !== undefined }, tools);
    const focus = this.#focus.openRoom(config.name, focusSettings(config), loop);
    const bridged = network?.addRoom(channelSettings(config), (input) => loop.push(input));
    loop.connect({
      focus: (effect) => focus.effect(effect),
      network: (effect) => bridged?.effect(effect),
    });
    this.#rooms.set(config.name, { config, loop, focus, network: bridged });
  }

  #configureRoom(room: OpenRoom, config: RoomConfig): void {
    room.config = config;
    room.loop.push({ type: 'configure', settings: roomSettings(config, this.#config) });
    room.focus.configure(focusSettings(config));
    room.network?.configure(channelSettings(config));
  }

  async #closeRoom(room: OpenRoom, reason: string): Promise<void> {
    const ended = this.#endRoom(room, reason);
    room.network?.remove(reason);
    await ended;
  }

  async #endRoom(room: OpenRoom, reason: string): Promise<void> {
    this.#rooms.delete(room.config.name);
    room.loop.push({ type: 'close', text: reason });
    await room.focus.close();
  }
}
