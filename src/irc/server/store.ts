/** Where channels are kept over restarts: one JSON file, written atomically. */
import { readFileSync, renameSync } from 'node:fs';
import { open, rename, unlink } from 'node:fs/promises';
import type { Log } from '../../common/log.ts';
import { readStored, type StoredChannel } from './stored-channel.ts';

export interface ChannelStore {
  load(): StoredChannel[];
  save(channels: StoredChannel[]): void | Promise<void>;
}

/**
 * Keeps channels in the file `path`. What is damaged is put aside as `path.damaged-TIME` and told, and nothing is loaded.
 * What cannot be read or put aside is told, and stays as it is: nothing is saved over it. A file is always whole: it is written beside, brought to the disk and then put in its place; two saves are never under way
 * at one time. A save that fails is told, and tried with the next.
 */
export function fileStore(path: string, log: Log): ChannelStore {
  let writing: Promise<void> = Promise.resolve();
  let writable = true;
  return {
    load() {
      const loaded = load(path, log);
      writable = loaded !== undefined;
      return loaded ?? [];
    },
    save(channels) {
      if (!writable) return writing;
      const text = `${JSON.stringify({ version: 1, channels }, undefined, 1)}\n`;
      writing = writing.then(async () => {
        try {
          await replace(path, text);
        } catch (error) {
          log.error({ path, error: String(error) }, 'cannot keep the channels of the IRC server');
        }
      });
      return writing;
    },
  };
}

/** Undefined where the file must not be replaced. */
function load(path: string, log: Log): StoredChannel[] | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    log.error(
      { path, error: String(error) },
      'cannot read the channels of the IRC server; they are not kept',
    );
    return undefined;
  }
  return parse(text) ?? putAside(path, log);
}

function parse(text: string): StoredChannel[] | undefined {
  try {
    return readStored(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function putAside(path: string, log: Log): StoredChannel[] | undefined {
  const aside = `${path}.damaged-${new Date().toISOString().replace(/[:.]/g, '-')}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    log.error(
      { path, error: String(error) },
      'the channels of the IRC server are damaged; they are not kept',
    );
    return undefined;
  }
  log.error({ path, aside }, 'the channels of the IRC server are damaged; the file was put aside');
  return [];
}

async function replace(path: string, text: string): Promise<void> {
  const beside = `${path}.new`;
  // It holds channel keys: for nobody else's eyes.
  const file = await open(beside, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } catch (error) {
    await file.close();
    await unlink(beside);
    throw error;
  }
  await file.close();
  await rename(beside, path);
}
