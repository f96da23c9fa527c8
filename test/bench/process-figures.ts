/** What the kernel says of a process: processor time and memory (Linux, proc(5)). */
import { readFileSync } from 'node:fs';

/** Ticks of /proc/PID/stat in a second: the kernel's USER_HZ, which is 100 on every Linux that Node runs on. */
const TICKS = 100;

/** Seconds of processor time that a process took so far, its own and the kernel's for it; to 10 ms. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program may hold anything; behind its bracket the third field follows, and utime and stime are 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** MiB of a process that are in memory now, and the most that ever were. */
export function memory(pid: number): { readonly now: number; readonly most: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mib = (name: string): number =>
    Math.round((Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024) * 10) / 10;
  return { now: mib('VmRSS'), most: mib('VmHWM') };
}

/** The processes that this one has started and that are not gone. */
export function children(): number[] {
  const list = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8');
  return list
    .split(' ')
    .filter((word) => word !== '')
    .map(Number);
}
