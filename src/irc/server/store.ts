/** Where channels are kept over restarts: one JSON file, written atomically. */
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { open, rename, unlink } from 'node:fs/promises';
import type { Log } from '../../common/log.ts';
import { readStored, type StoredChannel } from './stored-channel.ts';

export interface ChannelStore {
  load(): StoredChannel[];
  save(channels: StoredChannel[]): void | Promise<void>;
}

/**
 * Keeps channels in the file `path`. What is damaged is put aside as `path.damaged-TIME` and told, and nothing is loaded. A
 * file is always whole: it is written beside, brought to the disk and then put in its place; two saves are never under way
 * at one time. A save that fails is told, and tried with the next.
 */
export function fileStore(path: string, log: Log): ChannelStore {
  let writing: Promise<void> = Promise.resolve();
  return {
    load: () => load(path, log),
    save(channels) {
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

function load(path: string, log: Log): StoredChannel[] {
  if (!existsSync(path)) return [];
  try {
    const channels = readStored(JSON.parse(readFileSync(path, 'utf8')));
    if (channels) return channels;
  } catch (error) {
    // What cannot be read at all is no damaged file: it stays where it is.
    if (!(error instanceof SyntaxError)) {
      log.error({ path, error: String(error) }, 'cannot read the channels of the IRC server');
      return [];
    }
  }
  putAside(path, log);
  return [];
}

function putAside(path: string, log: Log): void {
  const aside = `${path}.damaged-${new Date().toISOString().replace(/[:.]/g, '-')}`;
  try {
    renameSync(path, aside);
    log.error({ path, aside }, 'the channels of the IRC server are damaged; the file was put aside');
  } catch (error) {
    log.error({ path, error: String(error) }, 'the channels of the IRC server are damaged');
  }
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
