/** Listeners whose ports are taken give way to the next free ones: for a run that nobody has configured. */
import type { Config } from '../config/config.ts';
import type { HostPort } from '../config/listeners.ts';
import { freePort, type PortKind } from '../transport/free-port.ts';

/** The same configuration on ports that are free now. SIP keeps one number for UDP and TCP on the same host. */
export async function onFreePorts(config: Config): Promise<Config> {
  const ports = new Map<string, number>();
  const place = async <T extends HostPort>(listener: T, kinds: readonly PortKind[]): Promise<T> => {
    const { host, port } = listener;
    const key = `${host} ${port}`;
    const free = port === 0 ? 0 : (ports.get(key) ?? (await freePort(host, port, kinds)));
    ports.set(key, free);
    return { ...listener, port: free };
  };
  const all = async <T extends HostPort>(
    listeners: readonly T[],
    kinds: readonly PortKind[],
  ): Promise<T[]> => {
    const placed: T[] = [];
    for (const listener of listeners) placed.push(await place(listener, kinds));
    return placed;
  };
  const { sip, msrp, embedded, http } = config;
  return {
    ...config,
    sip: { ...sip, listen: await all(sip.listen, ['udp', 'tcp']) },
    msrp: { ...msrp, listen: await all(msrp.listen, ['tcp']) },
    embedded: embedded && { ...embedded, listen: await all(embedded.listen, ['tcp']) },
    http: http && { ...http, listen: await place(http.listen, ['tcp']) },
  };
}
