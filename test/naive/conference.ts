/** Reads conference-info documents and keeps what they say (RFC 4575 sections 4 and 5), by a reader of XML that is just enough. */

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

export interface Device {
  readonly entity: string;
  readonly status: string | undefined;
  /** The status of its media, e.g. sendrecv. */
  readonly media: string | undefined;
}

export interface Person {
  readonly entity: string;
  readonly nickname: string | undefined;
  readonly displayText: string | undefined;
  readonly roles: readonly string[];
  readonly devices: ReadonlyMap<string, Device>;
}

/** What a subscriber knows of a conference. */
export class Conference {
  entity = '';
  version = -1;
  subject: string | undefined;
  userCount: number | undefined;
  readonly people = new Map<string, Person>();
  /** What was against the rules in the documents so far. */
  readonly faults: string[] = [];

  /** Takes in a document; throws Error where it is none. */
  apply(document: string): void {
    const root = readXml(document);
    if (root.name !== 'conference-info') throw new Error(`no conference-info: ${document}`);
    const state = root.attributes['state'] ?? 'full';
    const version = Number(root.attributes['version']);
    if (state === 'partial' && version !== this.version + 1) {
      this.faults.push(`partial version ${version} after ${this.version}`);
    }
    if (state === 'full' && version < this.version)
      this.faults.push(`full version ${version} after ${this.version}`);
    this.version = version;
    this.entity = root.attributes['entity'] ?? '';
    const description = child(root, 'conference-description');
    if (description) this.subject = child(description, 'subject')?.text;
    const count = child(child(root, 'conference-state'), 'user-count')?.text;
    if (count !== undefined) this.userCount = Number(count);
    const users = child(root, 'users');
    if (state !== 'partial' || users?.attributes['state'] === 'full') this.people.clear();
    for (const user of users?.children ?? []) this.#applyUser(user);
  }

  /** Whoever has the nickname. */
  called(nickname: string): Person | undefined {
    return [...this.people.values()].find((person) => person.nickname === nickname);
  }

  #applyUser(user: Element): void {
    const entity = user.attributes['entity'] ?? '';
    const state = user.attributes['state'] ?? 'full';
    const old = this.people.get(entity);
    if (state === 'deleted') {
      if (!old) this.faults.push(`${entity} deleted, who was not there`);
      this.people.delete(entity);
      return;
    }
    const kept = state === 'partial' ? old : undefined;
    const devices = new Map(kept?.devices);
    for (const endpoint of user.children.filter(({ name }) => name === 'endpoint')) {
      const id = endpoint.attributes['entity'] ?? '';
      if (endpoint.attributes['state'] === 'deleted') devices.delete(id);
      else devices.set(id, deviceOf(endpoint, devices.get(id)));
    }
    const roles = child(user, 'roles')?.children.map(({ text }) => text);
    const nickname = Object.entries(user.attributes).find(
      ([name]) => name.split(':').at(-1) === 'nickname',
    )?.[1];
    this.people.set(entity, {
      entity,
      nickname: nickname ?? kept?.nickname,
      displayText: child(user, 'display-text')?.text ?? kept?.displayText,
      roles: roles ?? kept?.roles ?? [],
      devices,
    });
  }
}

function deviceOf(endpoint: Element, old: Device | undefined): Device {
  const media = child(child(endpoint, 'media'), 'status')?.text;
  const kept = endpoint.attributes['state'] === 'partial' ? old : undefined;
  return {
    entity: endpoint.attributes['entity'] ?? '',
    status: child(endpoint, 'status')?.text ?? kept?.status,
    media: media ?? kept?.media,
  };
}

function child(element: Element | undefined, name: string): Element | undefined {
  return element?.children.find((other) => other.name === name);
}

/** Names lose their prefix; comments, instructions and white space between elements are passed over. */
function readXml(document: string): Element {
  const top: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  const pieces =
    /<!--.*?-->|<\?.*?\?>|<(\/?)([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|[^<]+|</gs;
  for (const [piece, closing, name = '', attributes = '', empty] of document.matchAll(pieces)) {
    const here = open.at(-1);
    if (here === undefined || piece === '<') throw new Error(`no XML: ${document}`);
    if (piece.startsWith('<!--') || piece.startsWith('<?')) continue;
    if (!piece.startsWith('<')) {
      here.text += decoded(piece).trim();
    } else if (closing === '/') {
      if (here.name !== local(name)) throw new Error(`<${here.name}> ended as ${name}: ${document}`);
      open.pop();
    } else {
      const found = [...attributes.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)];
      const pairs = found.map(([, key = '', one, two]) => [key, decoded(one ?? two ?? '')]);
      const element: Element = {
        name: local(name),
        attributes: Object.fromEntries(pairs) as Record<string, string>,
        children: [],
        text: '',
      };
      here.children.push(element);
      if (empty !== '/') open.push(element);
    }
  }
  const [root] = top.children;
  if (root === undefined || open.length !== 1) throw new Error(`no XML: ${document}`);
  return root;
}

function local(name: string): string {
  return name.split(':').at(-1) ?? name;
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decoded(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
      return ENTITIES[name ?? ''] ?? whole;
    },
  );
}
