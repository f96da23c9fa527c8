/** What the system keeps of connections that are over. */
import { readFileSync } from 'node:fs';

/** Whether a connection of that port on 127.0.0.1 waits for its other end: FIN-WAIT, TIME-WAIT or CLOSING (proc(5), /proc/net/tcp). */
export function lingers(port: number): boolean {
  const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .some((line) => line.trim().split(/\s+/)[1] === local && / (?:0[456]|0B) /.test(line));
}

/** For tests that ask it. */
export const onLinux = { skip: process.platform !== 'linux' };
