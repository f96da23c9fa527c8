/** Which folder may import which, and which package belongs to which folder. A new arrow is a decision, made here. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { test } from 'node:test';

// The sources, also when this is compiled.
const root = process.cwd();

/** By folder of src; `.` is main.ts and gateway.ts, for which there are rules by file. `gateway/` is the root's too. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  common: [],
  transport: ['common'],
  room: ['common'],
  network: ['common', 'room', 'irc'],
  focus: ['common', 'room', 'sip', 'msrp', 'formats'],
  msrp: ['common', 'transport'],
  sip: ['common', 'transport'],
  irc: ['common'],
  'irc/server': ['common', 'transport'],
  formats: ['common'],
  config: ['common'],
  ops: ['common', 'transport'],
};

/** More, or less, for a single file or for a folder towards single files. */
const ALLOWED_FILES: Readonly<Record<string, readonly string[]>> = {
  'irc/server': ['irc/line.ts', 'irc/casemapping.ts', 'irc/source.ts', 'irc/masks.ts'],
  'main.ts': ['gateway.ts', 'gateway', 'config', 'ops', 'common'],
  'gateway.ts': [...Object.keys(ALLOWED), 'gateway'],
  gateway: Object.keys(ALLOWED),
};

/** Where a package may be imported. A name ending in a slash is a folder. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  'sip.js': ['sip/'],
  'irc-framework': ['irc/link.ts'],
  'sdp-transform': ['formats/sdp.ts'],
  convict: ['config/'],
  pino: ['ops/'],
  yaml: ['config/'],
  htmlparser2: ['formats/html.ts'],
  ws: ['transport/'],
  'node:net': ['transport/', 'ops/', 'irc/socket.ts'],
  'node:tls': ['transport/', 'irc/socket.ts'],
  'node:dgram': ['transport/', 'sip/udp.ts'],
  'node:http': ['transport/', 'ops/'],
  'node:https': ['transport/', 'ops/'],
};

/** What anybody may take from such a package: it opens nothing. */
const HARMLESS =
  /^\{\s*(?:type\s+)?(?:isIP|isIPv4|isIPv6|BlockList)(?:\s*,\s*(?:isIP|isIPv4|isIPv6|BlockList))*\s*,?\s*\}$/;

interface Import {
  readonly file: string;
  readonly specifier: string;
  /** What stands between `import` and `from`. */
  readonly names: string;
}

test('the files of src import only what the arrows of the design allow', () => {
  const wrong = imports('src')
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ file, specifier }) => ({ file, target: join(dirname(file), specifier) }))
    .filter(({ file, target }) => !mayImport(file, target));
  assert.deepEqual(
    wrong.map(({ file, target }) => `src/${file} imports ${target}`),
    [],
  );
});

test('no file leads back to itself by what it imports, not even by types', () => {
  const targets = new Map<string, string[]>();
  for (const { file, specifier } of imports('src')) {
    if (!specifier.startsWith('.')) continue;
    targets.set(file, [...(targets.get(file) ?? []), join(dirname(file), specifier)]);
  }
  const leadsBack = (file: string): boolean => {
    const seen = new Set(targets.get(file));
    for (const next of seen) for (const after of targets.get(next) ?? []) seen.add(after);
    return seen.has(file);
  };
  const circles = [...targets.keys()].filter(leadsBack);
  assert.deepEqual(circles, []);
});

test('a package is imported only in the folder that it belongs to', () => {
  const wrong = imports('src').filter(({ file, specifier, names }) => {
    const owned = Object.entries(OWNERS).find(
      ([name]) => specifier === name || specifier.startsWith(`${name}/`),
    );
    if (!owned || (specifier === 'node:net' && HARMLESS.test(names))) return false;
    return !owned[1].some((place) => file === place || (place.endsWith('/') && file.startsWith(place)));
  });
  assert.deepEqual(
    wrong.map(({ file, specifier }) => `src/${file} imports ${specifier}`),
    [],
  );
});

test('the naive peers share no line with the program', () => {
  const wrong = imports('test/naive').filter(({ specifier }) => /(?:^|\/)src\//.test(specifier));
  assert.deepEqual(wrong, []);
});

test('every file of src says at its top what it is, and so does every function and class that it exports', () => {
  const bare: string[] = [];
  let seen = 0;
  for (const file of sources('src')) {
    const lines = readFileSync(join(root, 'src', file), 'utf8')
      .replace(/^#!.*\n/, '')
      .split('\n');
    if (!lines[0]?.startsWith('/**')) bare.push(`src/${file}`);
    const exported = [...lines.entries()].flatMap(([at, line]) => {
      const name = /^export (?:async )?(?:abstract )?(?:class|function\*?) (\w+)/.exec(line)?.[1];
      return name === undefined ? [] : [{ at, name }];
    });
    seen += exported.length;
    // The comment of a file stands for the one thing that the file is about.
    if (exported.length === 1) continue;
    for (const { at, name } of exported) {
      if (!lines[at - 1]?.endsWith('*/')) bare.push(`src/${file}: ${name}`);
    }
  }
  assert.notEqual(seen, 0, 'a check that finds nothing to check has not passed');
  assert.deepEqual(bare, []);
});

function mayImport(file: string, target: string): boolean {
  const from = roomOf(file);
  const to = roomOf(target);
  const files = ALLOWED_FILES[from === '.' ? file : from] ?? [];
  if (files.includes(to) || files.includes(target)) return true;
  if (from === '.') return false;
  return to === from || (ALLOWED[from]?.includes(to) ?? false);
}

/** The room of the house that a file is in; `irc/server` is one of its own. */
function roomOf(file: string): string {
  if (file.startsWith('irc/server/')) return 'irc/server';
  const [first = '.', ...rest] = file.split('/');
  return rest.length === 0 ? '.' : first;
}

function sources(folder: string): string[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return files.map((name) => name.replaceAll('\\', '/')).filter((name) => name.endsWith('.ts'));
}

/** Every import, static or not, also of types; fails where it looked at no file. */
function imports(folder: string): Import[] {
  const files = sources(folder);
  assert.notEqual(files.length, 0, 'a check that finds nothing to check has not passed');
  const statement =
    /^\s*(?:import|export)\s+(?:type\s+)?(?:([^'";]*?)\s*\bfrom\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;
  const found = files.flatMap((file) => {
    const text = readFileSync(join(root, folder, file), 'utf8');
    return [...text.matchAll(statement)].map(([, names = '', fixed, late]) => {
      return { file, specifier: fixed ?? late ?? '', names };
    });
  });
  assert.notEqual(found.length, 0, 'a check that finds nothing to check has not passed');
  return found;
}
