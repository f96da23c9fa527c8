/** A YAML file as plain values, and the line of each of its keys. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type Pair } from 'yaml';
import { ConfigError, oneLine, type KeyPath, type Report } from './problems.ts';

export interface YamlFile {
  /** Maps as `Map`, lists as arrays, and scalars; null for an empty file. */
  readonly root: unknown;
  /** The line, from 1, of a key or of the nearest thing above it; nothing where the file has none of them. */
  lineOf(path: KeyPath): number | undefined;
  /** Notes every key that stands twice in one map. */
  reportDuplicates(report: Report): void;
}

/** Reads YAML 1.2. Throws `ConfigError` with one problem where the text is not YAML, or is several documents. */
export function readYaml(text: string): YamlFile {
  const lines = new LineCounter();
  // Duplicates are found by `reportDuplicates`, which knows their key paths.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const fault = document.errors[0] ?? document.warnings[0];
  if (fault) throw notYaml(fault.message, lines.linePos(fault.pos[0]).line);

  const lineAt = (node: unknown): number | undefined => {
    const start = (node as Node | null)?.range?.[0];
    return start === undefined ? undefined : lines.linePos(start).line;
  };
  const resolved = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);

  return {
    root: plainValue(() => document.toJS({ mapAsMap: true }) as unknown),
    lineOf(path) {
      let node: unknown = document.contents;
      let line: number | undefined;
      for (const step of path) {
        const inside = resolved(node);
        if (isMap(inside)) {
          const pair = inside.items.findLast((item) => nameOf(item) === String(step));
          if (!pair) break;
          line = lineAt(pair.key) ?? line;
          node = pair.value;
        } else if (isSeq(inside) && typeof step === 'number') {
          node = inside.items[step];
          line = lineAt(node) ?? line;
        } else break;
      }
      return line;
    },
    reportDuplicates(report) {
      const look = (node: unknown, path: KeyPath): void => {
        if (isSeq(node)) node.items.forEach((item, at) => look(item, [...path, at]));
        if (!isMap(node)) return;
        const seen = new Map<string, number | undefined>();
        for (const pair of node.items) {
          const name = nameOf(pair);
          if (seen.has(name))
            report.add([...path, name], `stands here twice, first on line ${seen.get(name)}`);
          seen.set(name, lineAt(pair.key));
          look(pair.value, [...path, name]);
        }
      };
      look(document.contents, []);
    },
  };
}

// The same as in the `Map` that the reader of the settings walks through.
function nameOf(pair: Pair): string {
  return String(isScalar(pair.key) ? pair.key.value : pair.key);
}

// Aliases are followed here: one may lead nowhere, or to a bomb of aliases.
function plainValue(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    throw notYaml(error instanceof Error ? error.message : String(error), undefined);
  }
}

function notYaml(reason: string, line: number | undefined): ConfigError {
  const message = oneLine(`is not YAML: ${reason}`);
  return new ConfigError([{ path: '', line, message }]);
}
