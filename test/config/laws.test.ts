/** What holds for every file. fast-check prints the seed of a failure. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseUrl, urlText } from '../../src/config/listeners.ts';
import { schema } from '../../src/config/schema.ts';
import { faults, GOOD } from './good.ts';

const ONE_LINE = /^(\d+|-) [^\p{Cc}\u2028\u2029]*$/u;

function areLines(found: readonly string[]): void {
  for (const fault of found) assert.match(fault, ONE_LINE);
}

test('any text is a configuration or has faults of one line each', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => areLines(faults(text))));
});

test('the good file with a piece of it changed is a configuration or has faults of one line each', () => {
  const change = fc.tuple(
    fc.nat(GOOD.length),
    fc.nat(10),
    fc.string({ unit: fc.constantFrom(...'&*!|>{}[]:#-"\'\n\t a1é\0'.split('')), maxLength: 8 }),
  );
  fc.assert(
    fc.property(change, ([at, length, text]) => {
      areLines(faults(GOOD.slice(0, at) + text + GOOD.slice(at + length)));
    }),
    { numRuns: 1000 },
  );
});

test('any value of any section has faults of one line each, or none', () => {
  // JSON is YAML.
  const section = fc.constantFrom(...Object.keys(schema));
  fc.assert(
    fc.property(section, fc.jsonValue(), (name, value) =>
      areLines(faults(JSON.stringify({ [name]: value }))),
    ),
    { numRuns: 500 },
  );
});

test('a URL that was read is written as one that reads the same', () => {
  const rules = { ports: { udp: 5060, tcp: 5060 }, later: [], anyPort: true };
  const host = fc.oneof(
    fc.ipV4(),
    fc.ipV6().map((address) => `[${address}]`),
    fc.domain(),
  );
  const url = fc.tuple(fc.constantFrom('udp', 'tcp'), host, fc.nat(65535));
  fc.assert(
    fc.property(url, ([scheme, name, port]) => {
      const read = parseUrl(`${scheme}://${name}:${port}`, rules);
      assert.ok(typeof read !== 'string', name);
      assert.deepEqual(parseUrl(urlText(read), rules), read);
    }),
  );
});
