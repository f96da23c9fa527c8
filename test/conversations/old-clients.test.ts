/** Whom an operator leaves out, and people whose clients write no UTF-8 (contract: networks.*.ignore and encoding). */
import assert from 'node:assert/strict';
import { ircUri, story, type Scene } from './scene.ts';

/** The configuration with other settings for the network `local`. */
function withNetwork({ config }: Scene, settings: Record<string, unknown>): Record<string, unknown> {
  const networks = config['networks'] as Record<string, Record<string, unknown>>;
  return { ...config, networks: { ...networks, local: { ...networks['local'], ...settings } } };
}

story(
  'an ignored bot is in the room and is not heard; without the mask it is',
  async (scene) => {
    const { joins, ann, ircUser, parley } = scene;
    const alice = await joins('alice');
    const bot = await ircUser('pestbot');
    await alice.subscribes();
    await alice.seesRoster('the bot', ({ people }) => people.has(ircUri('pestbot')));
    bot.sends('PRIVMSG #lobby :buy now', 'NOTICE #lobby :and here', 'PRIVMSG #lobby :\x01ACTION sells\x01');
    await bot.says('alice', 'buy, alice');
    bot.sends('PRIVMSG alice :\x01VERSION\x01');
    await bot.settles();
    await ann.says('#lobby', 'an honest word');
    await ann.says('alice', 'and another');
    await alice.hears('an honest word');
    await alice.hears('and another');
    for (const text of ['buy now', 'and here', 'sells', 'buy, alice']) alice.heardNothing(text);
    await alice.says('who is the bot?');
    await bot.sees({ command: 'PRIVMSG', from: 'alice', text: 'who is the bot?' });
    bot.sawNothing({ command: 'NOTICE', from: 'alice' });
    const record = await parley.reload(withNetwork(scene, { ignore: [] }));
    assert.ok(Number(record['level']) < 40, JSON.stringify(record));
    await bot.says('#lobby', 'buy at last');
    await alice.hears('buy at last');
  },
  { only: 'embedded', network: { ignore: ['pest*'] } },
);

story(
  'a line that is not UTF-8 is read in the encoding of the network; what we write is UTF-8',
  async (scene) => {
    const { joins, ann, parley } = scene;
    const alice = await joins('alice');
    ann.sendsBytes('PRIVMSG #lobby :caf\xe9 \x80');
    await alice.hears('café €');
    await ann.says('#lobby', 'naïve café');
    await alice.hears('naïve café');
    ann.sendsBytes('PRIVMSG alice :\x93th\xe9\x94');
    await alice.hears('“thé”');
    await alice.says('à bientôt');
    await ann.sees({ command: 'PRIVMSG', from: 'alice', text: 'à bientôt' });
    await parley.reload(withNetwork(scene, { encoding: 'koi8-r' }));
    ann.sendsBytes('PRIVMSG #lobby :\xd0\xd2\xc9\xd7\xc5\xd4');
    await alice.hears('привет');
  },
  { only: 'ngircd', network: { encoding: 'windows-1252' } },
);
