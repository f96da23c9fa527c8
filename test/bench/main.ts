/** Measures the program and prints tables. The arguments name what is measured; all without any. */
import { parseArgs } from 'node:util';
import { fanout, FANOUT_NOTE } from './fanout.ts';
import { NOTE, servers } from './servers.ts';
import { idle, IDLE_NOTE } from './idle.ts';
import { image, IMAGE_NOTE } from './image.ts';
import { latency, LATENCY_NOTE } from './latency.ts';
import { parse, PARSE_NOTE } from './parse.ts';
import { table, type Row } from './table.ts';
import { through } from './through.ts';

interface Bench {
  /** So many messages; its own number without one. */
  readonly measure: (count?: number) => Promise<Row[]>;
  /** What must be known to read the table. */
  readonly note?: string;
}

const BENCHES: Readonly<Record<string, Bench>> = {
  fanout: { measure: fanout, note: FANOUT_NOTE },
  idle: { measure: idle, note: IDLE_NOTE },
  image: { measure: image, note: IMAGE_NOTE },
  latency: { measure: latency, note: LATENCY_NOTE },
  parse: { measure: parse, note: PARSE_NOTE },
  through: { measure: through },
  servers: { measure: servers, note: NOTE },
};
const USAGE = `usage: npm run bench -- [${Object.keys(BENCHES).join(' | ')}] [--count MESSAGES]`;

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { count: { type: 'string' } },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
  const count = values.count === undefined ? undefined : Number(values.count);
  if (count !== undefined && (!Number.isInteger(count) || count < 1))
    throw new Error(`--count ${values.count} is no number of messages`);
  for (const name of names) if (!Object.hasOwn(BENCHES, name)) throw new Error(`there is no bench ${name}`);
  for (const name of names) {
    const { measure, note = '' } = BENCHES[name] ?? {};
    const rows = (await measure?.(count)) ?? [];
    console.log(`${name}\n\n${table(rows)}\n${note === '' ? '' : `\n${note}\n`}`);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error, `\n${USAGE}`);
  process.exitCode = 1;
});
