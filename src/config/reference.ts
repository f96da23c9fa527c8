/** Writes config/reference.md from the schema. Run it as a program to bring the file up to date. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { variableOf, type Key, type Members } from './key.ts';
import { packageFolder } from './package.ts';
import { schema } from './schema.ts';

const INTRODUCTION = `# Configuration reference

Written from the schema by \`npm run reference\`; do not edit it.

The file is YAML. A key that is left out has its default. Every key can be given by an environment variable too, which then
wins over the file; NETWORK and ROOM in its name are the names from the file in capitals, with \`-\` and \`.\` as \`_\`. Lists
stand between commas, and an empty variable means null where the key may be null. A secret can also be in a file that the same
variable with \`_FILE\` names. Names of files are relative to the folder that Parley is started in.
`;

/** The text of config/reference.md. */
export function referenceText(): string {
  const sections = Object.entries(schema).map(([name, node]) => {
    const path = node.kind === 'entries' ? [name, node.placeholder] : [name];
    const heading = node.kind === 'entries' ? `${name}.${node.placeholder}` : name;
    return `\n## ${heading}\n\n${node.doc}\n\n${rows(node.members, path).join('\n\n')}\n`;
  });
  return INTRODUCTION + sections.join('');
}

function rows(members: Members, path: readonly string[]): string[] {
  return Object.entries(members).flatMap(([name, node]) => {
    const at = [...path, name];
    switch (node.kind) {
      case 'key':
        return [keyRow(node, at)];
      case 'group':
        return [`### ${at.join('.')}\n\n${node.doc}`, ...rows(node.members, at)];
      case 'optional': {
        const state = node.present ? '' : ' Default: null.';
        const later = node.unsupported ? ' **Not supported yet.**' : '';
        return [`### ${at.join('.')}\n\n${node.doc}${state}${later}`, ...rows(node.members, at)];
      }
      case 'entries':
        return [
          `### ${at.join('.')}.${node.placeholder}\n\n${node.doc}`,
          ...rows(node.members, [...at, node.placeholder]),
        ];
    }
  });
}

function keyRow(key: Key<unknown>, path: readonly string[]): string {
  const type = `${key.format.name}${key.nullable ? ', or null' : ''}`;
  const file = key.sensitive ? ', or a file named by the same with `_FILE`' : '';
  const later = key.unsupported ? ' **Not supported yet.**' : '';
  return [
    `**\`${path.join('.')}\`** (${type}): ${key.doc}${later}  `,
    `Default: \`${JSON.stringify(key.default)}\`. Environment: \`${variableOf(path)}\`${file}.`,
  ].join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(join(packageFolder(), 'config', 'reference.md'), referenceText());
}
