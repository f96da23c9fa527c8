/** Measures the program and prints tables. The arguments name what is measured; all without any. */
import { parseArgs } from 'node:util';
import { table, type Row } from './table.ts';
import { through } from './through.ts';

const BENCHES: Readonly<Record<string, (count: number) => Promise<Row[]>>> = { through };
const USAGE = `usage: npm run bench -- [${Object.keys(BENCHES).join(' | ')}] [--count MESSAGES]`;

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { count: { type: 'string', default: '10000' } },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
  const count = Number(values.count);
  if (!Number.isInteger(count) || count < 1)
    throw new Error(`--count ${values.count} is no number of messages`);
  for (const name of names) if (!Object.hasOwn(BENCHES, name)) throw new Error(`there is no bench ${name}`);
  for (const name of names) {
    const rows = await BENCHES[name]?.(count);
    console.log(`${name}\n\n${table(rows ?? [])}\n`);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error, `\n${USAGE}`);
  process.exitCode = 1;
});
